//! The checksum by which files are told apart. It must never be used for anything that needs speed over many small keys.

use sha2::{Digest, Sha256};

/// SHA-256 of `bytes` in lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    super::raw::to_hex(Sha256::digest(bytes).as_slice())
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_the_published_value_for_nothing() {
        let want = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::sha256_hex(b""), want);
    }
}
