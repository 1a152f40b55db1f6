package org.jtorch.models;

import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.flatten.Unflatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.MaxPool2d;

/** Three convolutions over grey images of 8x8 pixels: {@code (N, 64)} to {@code (N, classes)}. */
public final class DigitsCnn extends Sequential {

    /** Creates a network for {@code classes} classes. */
    public DigitsCnn(long classes) {
        super(
                new Unflatten(1, 1, 8, 8),
                block(1, 32),
                block(32, 64),
                new MaxPool2d(2),
                block(64, 64),
                new Flatten(),
                new Dropout(0.25),
                new Linear(64 * 4 * 4, classes));
    }

    private static Sequential block(long in, long out) {
        return new Sequential(new Conv2d(in, out, 3, o -> o.padding(1).bias(false)), new BatchNorm2d(out), new ReLU());
    }
}
