package org.jtorch.models.vit;

import org.jtorch.Tensor;
import org.jtorch.models.vision.TokenMlp;
import org.jtorch.nn.state.StateDictLoad;

/** The map of each token. Files of version 1, as the public weights are, have the keys {@code linear_1} and {@code linear_2}. */
final class MlpBlock extends TokenMlp {

    MlpBlock(long dim, long mlpDim, double dropout) {
        super(dim, mlpDim, dropout);
    }

    @Override
    protected long stateVersion() {
        return 2;
    }

    @Override
    protected void loadFrom(StateDictLoad load) {
        Long version = load.version();
        if (version == null || version < 2) {
            for (String part : new String[] {"weight", "bias"}) {
                rename(load, "linear_1." + part, "0." + part);
                rename(load, "linear_2." + part, "3." + part);
            }
        }
        super.loadFrom(load);
    }

    private static void rename(StateDictLoad load, String older, String newer) {
        Tensor value = load.stateDict().remove(load.prefix() + older);
        if (value != null) {
            load.stateDict().put(load.prefix() + newer, value);
        }
    }
}
