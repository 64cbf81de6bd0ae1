package points.rielt;

import org.junit.jupiter.api.Test;
import points.purchases.StatesInThreePlaces;

/** The states are the same in the code, the documentation and the database. */
class MachineTest {
  @Test
  void docsCodeAndCheckAgree() throws Exception {
    StatesInThreePlaces.require("rielt", RieltGoods.MACHINE);
  }
}
