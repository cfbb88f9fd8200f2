/* SHA-256 of libcrypto by its plain functions, as sha.h (OpenSSL 1.1 to 3) declares them. Declared
 * here because sha.h drags system headers into the module, and their types would then belong to it.
 *
 * OpenSSL 3 recommends the EVP interface instead; with it the four short hashes of an event take 670
 * instead of 510 ns. */
#include <stddef.h>

typedef struct {
    unsigned int h[8];
    unsigned int Nl, Nh;
    unsigned int data[16];
    unsigned int num, md_len;
} SHA256_CTX;

int SHA256_Init(SHA256_CTX *context);
int SHA256_Update(SHA256_CTX *context, const void *bytes, size_t count);
int SHA256_Final(unsigned char *digest, SHA256_CTX *context);

/* Ed25519 keys and signatures by the EVP interface, the only one libcrypto has for them, as evp.h,
 * pem.h and bio.h (OpenSSL 3) declare them. */
typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct evp_md_ctx_st EVP_MD_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct evp_cipher_st EVP_CIPHER;
typedef struct engine_st ENGINE;
typedef int pem_password_cb(char *buffer, int size, int rwflag, void *userdata);

BIO *BIO_new_mem_buf(const void *bytes, int count);
int BIO_free(BIO *bio);
int EVP_PKEY_get_raw_private_key(const EVP_PKEY *key, unsigned char *bytes, size_t *count);
int EVP_PKEY_get_raw_public_key(const EVP_PKEY *key, unsigned char *bytes, size_t *count);
EVP_PKEY *EVP_PKEY_new_raw_private_key(int type, ENGINE *engine, const unsigned char *bytes,
                                       size_t count);
EVP_PKEY *PEM_read_bio_PrivateKey(BIO *bio, EVP_PKEY **key, pem_password_cb *callback,
                                  void *userdata);
EVP_PKEY *PEM_read_bio_PUBKEY(BIO *bio, EVP_PKEY **key, pem_password_cb *callback, void *userdata);
int EVP_PKEY_is_a(const EVP_PKEY *key, const char *name); /* since OpenSSL 3 */
void EVP_PKEY_free(EVP_PKEY *key);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *context);
int EVP_DigestSignInit(EVP_MD_CTX *context, EVP_PKEY_CTX **keyContext, const EVP_MD *type,
                       ENGINE *engine, EVP_PKEY *key);
int EVP_DigestSign(EVP_MD_CTX *context, unsigned char *signature, size_t *signatureCount,
                   const unsigned char *bytes, size_t count);
int EVP_DigestVerifyInit(EVP_MD_CTX *context, EVP_PKEY_CTX **keyContext, const EVP_MD *type,
                         ENGINE *engine, EVP_PKEY *key);
int EVP_DigestVerify(EVP_MD_CTX *context, const unsigned char *signature, size_t signatureCount,
                     const unsigned char *bytes, size_t count);
void ERR_clear_error(void);

enum { THROUGHLINE_EVP_PKEY_ED25519 = 1087 }; /* NID_ED25519 of obj_mac.h */
