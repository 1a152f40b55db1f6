package org.jtorch.models.sentence;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;

/** Gives each embedding the length 1: (N, dim) to (N, dim). */
public final class Normalize extends Module<Tensor, Tensor> {

    @Override
    protected Tensor forward(Tensor embeddings) {
        return F.normalize(embeddings);
    }
}
