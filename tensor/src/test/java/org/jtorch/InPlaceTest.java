package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InPlaceTest {

    /** 1.003 is 1 in bfloat16, and 1.9921875 * 1.003 is nearer to 2 than to 1.9921875. Python: {@code tensor(2.)}. */
    @Test
    void aFactorIsNotRounded() {
        Tensor x = Torch.tensor(1.9921875).to(DType.BFLOAT16);
        assertEquals(2.0, x.mul(1.003).item());
        assertEquals(2.0, x.clone().mul_(1.003).item());
        assertEquals(DType.BFLOAT16, x.clone().mul_(1.003).dtype());
    }

    @Test
    void otherDtypesAreMultipliedToo() {
        assertEquals(6, Torch.tensor(new long[] {2}).mul_(3).sum().item());
        assertEquals(3, Torch.tensor(1.5).mul_(2).item());
    }
}
