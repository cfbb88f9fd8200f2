/* The functions of libcrypto's EVP interface that SHA-256 takes, as evp.h (OpenSSL 3) declares
 * them. Declared here because evp.h drags system headers into the module, and their types would
 * then belong to it. */
#include <stddef.h>

typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct ossl_lib_ctx_st OSSL_LIB_CTX;
typedef struct ossl_param_st OSSL_PARAM;

EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *context);
EVP_MD *EVP_MD_fetch(OSSL_LIB_CTX *library, const char *name, const char *properties);
void EVP_MD_free(EVP_MD *method);
int EVP_DigestInit_ex2(EVP_MD_CTX *context, const EVP_MD *method, const OSSL_PARAM *parameters);
int EVP_DigestUpdate(EVP_MD_CTX *context, const void *bytes, size_t count);
int EVP_DigestFinal_ex(EVP_MD_CTX *context, unsigned char *digest, unsigned int *count);
