//! What the vendor would charge for: kept answer by answer, also for those that nobody read to the end.

use std::{fmt, sync::Arc};

use creel_domain::usage::Usage;

use super::{Call, Reply};

/// Sales kept; further answers are given and not kept.
const KEPT: usize = 100_000;

/// One answer that began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The model asked for.
    pub model: String,
    /// What was generated so far: all of the input, and of the output what was handed to the connection.
    pub usage: Usage,
    /// Whether the answer was handed over to its end.
    pub whole: bool,
}

/// Makes answers from calls. The number is that of the sale.
type Maker = Arc<dyn Fn(&Call, usize) -> Reply + Send + Sync>;

/// Where sales are kept.
#[derive(Default)]
pub(super) struct Till {
    maker: Option<Maker>,
    sales: Vec<Sale>,
}

impl Till {
    pub(super) fn open(&mut self, maker: Maker) {
        self.maker = Some(maker);
        self.sales.clear();
    }

    /// How this call is answered, and the number of its sale; nothing where answers are scripted.
    pub(super) fn begin(&mut self, call: &Call) -> Option<(Reply, usize)> {
        let number = self.sales.len();
        let maker = self.maker.as_ref().filter(|_| number < KEPT)?;
        let reply = maker(call, number);
        self.sales.push(Sale {
            model: call.body["model"].as_str().unwrap_or_default().to_owned(),
            usage: Usage {
                output: 0,
                reasoning: 0,
                output_audio: 0,
                output_image: 0,
                ..reply.usage
            },
            whole: false,
        });
        Some((reply, number))
    }

    /// So many of all pieces are handed over; begun pieces count.
    pub(super) fn hand_over(&mut self, number: usize, usage: Usage, pieces: u64, of: u64) {
        let part = |tokens: u64| (tokens * pieces).div_ceil(of.max(1));
        if let Some(sale) = self.sales.get_mut(number) {
            sale.whole = pieces >= of;
            sale.usage = Usage {
                output: part(usage.output),
                reasoning: part(usage.reasoning),
                output_audio: part(usage.output_audio),
                output_image: part(usage.output_image),
                ..usage
            };
        }
    }

    pub(super) fn sales(&self) -> Vec<Sale> {
        self.sales.clone()
    }
}

impl fmt::Debug for Till {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Till")
            .field("sales", &self.sales.len())
            .finish_non_exhaustive()
    }
}
