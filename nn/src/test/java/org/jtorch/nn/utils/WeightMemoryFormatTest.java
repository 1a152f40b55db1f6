package org.jtorch.nn.utils;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.stream.Stream;
import org.jtorch.MemoryFormat;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.RecordedCases;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.conv.Conv3d;
import org.jtorch.nn.conv.ConvBase;
import org.jtorch.nn.conv.ConvTranspose2d;
import org.jtorch.nn.conv.ConvTranspose3d;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The strides of convolution weights are PyTorch's. */
class WeightMemoryFormatTest {

    private interface Conversion {
        Sequential convert(Sequential model, MemoryFormat format);
    }

    private Stream<DynamicTest> each(String function, Conversion conversion) {
        return RecordedCases.each(getClass(), "memory_format.json", function, c -> {
            ConvBase conv =
                    switch (c.get("module").asText()) {
                        case "Conv2d" -> new Conv2d(1, 1, 1);
                        case "Conv3d" -> new Conv3d(1, 1, 1);
                        case "ConvTranspose2d" -> new ConvTranspose2d(1, 1, 1);
                        case "ConvTranspose3d" -> new ConvTranspose3d(1, 1, 1);
                        default -> throw new AssertionError(c);
                    };
            conv.weight = new Parameter(RecordedCases.tensor(c.get("weight")));
            Sequential model = new Sequential(conv);
            MemoryFormat format = MemoryFormat.valueOf(c.get("format").asText().toUpperCase(Locale.ROOT));
            assertSame(model, conversion.convert(model, format));
            assertArrayEquals(RecordedCases.longs(c.get("strides")), conv.weight.strides());
            RecordedCases.same(c.get("after"), conv.weight);
        });
    }

    @TestFactory
    Stream<DynamicTest> convolutionsOfTwoDimensions() {
        return each("convert_conv2d_weight_memory_format", WeightMemoryFormat::convertConv2dWeightMemoryFormat);
    }

    @TestFactory
    Stream<DynamicTest> convolutionsOfThreeDimensions() {
        return each("convert_conv3d_weight_memory_format", WeightMemoryFormat::convertConv3dWeightMemoryFormat);
    }

    @Test
    void onlyConvolutionsOfThatManyDimensionsChange() {
        Conv2d conv = new Conv2d(3, 4, 2);
        Parameter other = new Parameter(Torch.ones(2, 2, 2, 2));
        Linear linear = new Linear(2, 2);
        linear.registerParameter("other", other);
        Parameter weight = conv.weight;
        Sequential model = new Sequential(linear, new Sequential(conv));
        conv.call(Torch.ones(1, 3, 4, 4)).sum().backward();

        WeightMemoryFormat.convertConv3dWeightMemoryFormat(model, MemoryFormat.CHANNELS_LAST_3D);
        assertTrue(weight.isContiguous());
        WeightMemoryFormat.convertConv2dWeightMemoryFormat(model, MemoryFormat.CHANNELS_LAST);
        assertTrue(weight.isContiguous(MemoryFormat.CHANNELS_LAST));
        assertTrue(other.isContiguous() && !other.isContiguous(MemoryFormat.CHANNELS_LAST));
        assertSame(weight, conv.weight);
        assertTrue(weight.isLeaf() && weight.requiresGrad());
        assertNotNull(weight.grad());
    }
}
