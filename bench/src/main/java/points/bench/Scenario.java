package points.bench;

import java.io.IOException;

/** What can be measured by itself, to look at it closely. */
enum Scenario {
  BASELINE {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.baseline();
    }
  },
  SINGLE {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.credits(1);
    }
  },
  FEW {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.credits(8);
    }
  },
  PEAK {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.credits(Bench.PEAK_CONNECTIONS);
    }
  },
  HALF {
    @Override
    void prepare(Bench bench) throws IOException {
      for (int i = 0; i < WARM_UPS; i++) {
        bench.credits(Bench.PEAK_CONNECTIONS);
      }
    }

    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.steady(bench.credits(Bench.PEAK_CONNECTIONS).perSecond() / 2);
    }
  },
  HOT {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.hotAccount();
    }
  },
  BATCHES {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.batches();
    }
  },
  MIX {
    @Override
    void prepare(Bench bench) throws IOException {
      bench.fund(Course.ACCOUNTS_FUNDED);
    }

    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.mix();
    }
  },
  EVENTS {
    @Override
    Measured measure(Bench bench) throws IOException {
      return bench.events();
    }
  };

  /** So often is the peak measured in vain, until the JVM has compiled what is hot. */
  private static final int WARM_UPS = 5;

  /** What has to be there before. */
  void prepare(Bench bench) throws IOException {}

  abstract Measured measure(Bench bench) throws IOException;
}
