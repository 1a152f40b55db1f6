package org.jtorch.nn.pooling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WithIndicesTest {

    private static final class OwnPoolWithIndices extends MaxPool2dWithIndices {
        OwnPoolWithIndices() {
            super(2);
        }
    }

    @Test
    void theNameIsPyTorchsAndThatOfASubclassItsOwn() {
        assertEquals("MaxPool2d", new MaxPool2dWithIndices(2).className());
        assertEquals("MaxPool2d", new MaxPool2dWithIndices(2) {}.className());
        assertEquals("AdaptiveMaxPool3d", new AdaptiveMaxPool3dWithIndices(2).className());
        assertEquals("FractionalMaxPool2d", new FractionalMaxPool2dWithIndices(2, o -> o.outputSize(1)).className());
        assertEquals("OwnPoolWithIndices", new OwnPoolWithIndices().className());
    }
}
