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
 * Changes the memory format of the weights of convolutions: PyTorch's {@code torch.nn.utils.memory_format}. Kernels for half
 * precision are faster if the channels are last.
 *
 * <p>The weights of other layers are left unchanged, whereas {@code module.to(memoryFormat)} converts all tensors with four
 * dimensions. Values and shapes do not change; strides do.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv2d_weight_memory_format.html">
 *     convert_conv2d_weight_memory_format</a>
 */
public final class WeightMemoryFormat {

    private WeightMemoryFormat() {}

    /**
     * Converts the weights of the two-dimensional convolutions, including transposed ones, of {@code module} and all modules
     * below it.
     *
     * @param module the module
     * @param memoryFormat {@link MemoryFormat#CHANNELS_LAST} or {@link MemoryFormat#CONTIGUOUS_FORMAT}
     * @return {@code module}
     * @throws TorchException if the format does not apply to a weight with four dimensions
     */
    public static <M extends Module<?, ?>> M convertConv2dWeightMemoryFormat(M module, MemoryFormat memoryFormat) {
        return convert(module, 4, memoryFormat);
    }

    /**
     * Converts the weights of the three-dimensional convolutions, including transposed ones, of {@code module} and all modules
     * below it.
     *
     * @param module the module
     * @param memoryFormat {@link MemoryFormat#CHANNELS_LAST_3D} or {@link MemoryFormat#CONTIGUOUS_FORMAT}
     * @return {@code module}
     * @throws TorchException if the format does not apply to a weight with five dimensions
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
        // The weight is created in the format, because a copy of a weight with sizes of 1 could keep strides that
        // fit both formats.
        weight.setData(Torch.empty(weight.shape(), TensorOptions.like(weight), memoryFormat)
                .copy_(weight));
        weight.setGrad(grad);
    }
}
