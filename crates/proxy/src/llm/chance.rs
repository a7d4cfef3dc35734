//! Randomness for ids, fetched in stock: one system call for a hundred calls instead of one each. Not for secrets, which are never made here.

use std::sync::{Arc, Mutex, PoisonError};

use creel_domain::Entropy;

/// Bytes fetched at once; an id takes ten.
const STOCK: usize = 1024;

/// A source in front of another one.
pub(super) struct Stock {
    source: Arc<dyn Entropy>,
    rest: Mutex<Rest>,
}

struct Rest {
    bytes: [u8; STOCK],
    used: usize,
}

impl Stock {
    pub(super) fn of(source: Arc<dyn Entropy>) -> Self {
        let rest = Mutex::new(Rest {
            bytes: [0; STOCK],
            used: STOCK,
        });
        Self { source, rest }
    }
}

impl Entropy for Stock {
    fn fill(&self, buffer: &mut [u8]) {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = &mut *rest;
        for part in buffer.chunks_mut(STOCK) {
            if rest.used + part.len() > STOCK {
                self.source.fill(&mut rest.bytes);
                rest.used = 0;
            }
            part.copy_from_slice(&rest.bytes[rest.used..rest.used + part.len()]);
            rest.used += part.len();
        }
    }
}

impl std::fmt::Debug for Stock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stock").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts.
    #[derive(Default)]
    struct Count(Mutex<u64>);

    impl Entropy for Count {
        fn fill(&self, buffer: &mut [u8]) {
            let mut next = self.0.lock().unwrap();
            for word in buffer.chunks_mut(8) {
                word.copy_from_slice(&next.to_le_bytes()[..word.len()]);
                *next += 1;
            }
        }
    }

    #[test]
    fn no_byte_is_given_twice() {
        let stock = Stock::of(Arc::new(Count::default()));
        let mut seen = Vec::new();
        for _ in 0..1000 {
            let mut word = [0; 8];
            stock.fill(&mut word);
            seen.push(u64::from_le_bytes(word));
        }
        let mut long = vec![0; 5000];
        stock.fill(&mut long);
        assert!(long.iter().any(|byte| *byte != 0));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1000);
    }
}
