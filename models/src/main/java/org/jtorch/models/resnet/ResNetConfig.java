package org.jtorch.models.resnet;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of a ResNet: the arguments of torchvision's {@code ResNet}, by default those of {@code resnet18}. */
public final class ResNetConfig extends ModelConfig {

    /** Either {@code BasicBlock} or {@code Bottleneck}. */
    public final String block = text("block", "BasicBlock");

    /** The number of blocks in each of the four parts. */
    public final List<Long> layers = integers("layers", 2L, 2L, 2L, 2L);

    public final long numClasses = integer("num_classes", 1000);
    public final boolean zeroInitResidual = flag("zero_init_residual", false);
    public final long groups = integer("groups", 1);
    public final long widthPerGroup = integer("width_per_group", 64);

    /** Whether the second, third and fourth part keep the size of the image and spread their kernels instead. */
    public final List<Boolean> replaceStrideWithDilation = flags("replace_stride_with_dilation", false, false, false);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public ResNetConfig(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_resnet", values);
        only("block", "BasicBlock", "Bottleneck");
        refuseUnknown();
        if (layers.size() != 4 || replaceStrideWithDilation.size() != 3) {
            throw new ConfigException("the configuration of a ResNet must have 4 layers and 3 values in"
                    + " replace_stride_with_dilation, but has " + layers + " and " + replaceStrideWithDilation);
        }
        if (!hasBottlenecks() && (groups != 1 || widthPerGroup != 64 || replaceStrideWithDilation.contains(true))) {
            throw new ConfigException(
                    "a BasicBlock has no groups, width_per_group or dilation: leave out groups = " + groups
                            + ", width_per_group = " + widthPerGroup + " and replace_stride_with_dilation = "
                            + replaceStrideWithDilation + ", or set block to Bottleneck");
        }
    }

    boolean hasBottlenecks() {
        return block.equals("Bottleneck");
    }

    /** Returns how many times more channels a block returns than it has inside. */
    long expansion() {
        return hasBottlenecks() ? 4 : 1;
    }
}
