package org.jtorch.models;

import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/** Five convolutions of 3x3, each normalized, then pooled to one pixel and classified: (N, 3, H, W) to (N, classes). */
public final class SmallCnn extends Sequential {

    /** Creates a network for {@code classes} classes. */
    public SmallCnn(long classes) {
        super(
                block(3, 32, 1),
                block(32, 64, 2),
                block(64, 64, 1),
                block(64, 128, 2),
                block(128, 128, 1),
                new AdaptiveAvgPool2d(1),
                new Flatten(),
                new Linear(128, classes));
    }

    private static Sequential block(long in, long out, long stride) {
        return new Sequential(
                new Conv2d(in, out, 3, o -> o.stride(stride).padding(1).bias(false)), new BatchNorm2d(out), new ReLU());
    }
}
