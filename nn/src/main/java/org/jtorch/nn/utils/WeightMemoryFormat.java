package org.jtorch.nn.utils;

import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.conv.ConvBase;

/**
 * How the weights of convolutions lie in memory; kernels for half precision are faster where the channels are last. PyTorch's
 * {@code torch.nn.utils.memory_format}.
 *
 * <p>Other layers' weights stay as they are, where {@code module.to(memoryFormat)} converts everything of four dimensions.
 * Values and shapes stay too: strides change.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv2d_weight_memory_format.html">
 *     convert_conv2d_weight_memory_format</a>
 */
public final class WeightMemoryFormat {

    private WeightMemoryFormat() {}

    /**
     * Converts the weights of the two-dimensional convolutions, transposed ones included, of {@code module} and all below it.
     *
     * @param module where to look
     * @param memoryFormat {@link MemoryFormat#CHANNELS_LAST} or {@link MemoryFormat#CONTIGUOUS_FORMAT}
     * @return {@code module}
     * @throws TorchException if there is no such format for a weight of four dimensions
     */
    public static <M extends Module<?, ?>> M convertConv2dWeightMemoryFormat(M module, MemoryFormat memoryFormat) {
        return convert(module, 4, memoryFormat);
    }

    /**
     * Converts the weights of the three-dimensional convolutions, transposed ones included, of {@code module} and all below it.
     *
     * @param module where to look
     * @param memoryFormat {@link MemoryFormat#CHANNELS_LAST_3D} or {@link MemoryFormat#CONTIGUOUS_FORMAT}
     * @return {@code module}
     * @throws TorchException if there is no such format for a weight of five dimensions
     */
    public static <M extends Module<?, ?>> M convertConv3dWeightMemoryFormat(M module, MemoryFormat memoryFormat) {
        return convert(module, 5, memoryFormat);
    }

    private static <M extends Module<?, ?>> M convert(M module, int dims, MemoryFormat memoryFormat) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            for (Module<?, ?> part : module.modules()) {
                if (part instanceof ConvBase conv && conv.weight.dim() == dims) {
                    convert(conv.weight, memoryFormat);
                }
            }
        }
        return module;
    }

    private static void convert(Parameter weight, MemoryFormat memoryFormat) {
        Tensor grad = weight.grad();
        // made in the format: a copy of a weight with sizes of 1 could keep strides that fit both formats
        weight.setData(Torch.empty(weight.shape(), TensorOptions.like(weight), memoryFormat)
                .copy_(weight));
        weight.setGrad(grad);
    }
}
