package org.jtorch.models;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;

/**
 * A transformer for grey images of 8x8 pixels: {@code (N, 64)} to {@code (N, classes)}. Each row is a token with a learned
 * position. The outputs of the encoder are averaged and classified.
 */
public final class DigitsTransformer extends Module<Tensor, Tensor> {

    private static final long ROWS = 8;
    private static final long WIDTH = 64;

    Linear embedding = new Linear(8, WIDTH);
    Parameter position = new Parameter(Torch.empty(ROWS, WIDTH));
    TransformerEncoder encoder;
    Linear head;

    /** Creates a network for {@code classes} classes. */
    public DigitsTransformer(long classes) {
        Init.normal_(position, 0, 0.02);
        TransformerEncoderLayer layer = new TransformerEncoderLayer(
                WIDTH, 4, o -> o.dimFeedforward(2 * WIDTH).batchFirst(true));
        encoder = new TransformerEncoder(layer, 2);
        head = new Linear(WIDTH, classes);
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor tokens = embedding.call(x.view(-1, ROWS, 8)).add(position);
        return head.call(encoder.call(tokens).mean(1));
    }
}
