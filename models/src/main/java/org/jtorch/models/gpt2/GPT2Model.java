package org.jtorch.models.gpt2;

import java.util.stream.IntStream;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.CausalMask;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.layers.TextLength;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.sparse.Embedding;

/** GPT-2 without scores: tokens (N, S) to states (N, S, n_embd). */
public final class GPT2Model extends PretrainedModel<GPT2Config, DecoderInput, Tensor> {

    Embedding wte;
    Embedding wpe;
    Dropout drop;
    ModuleList<GPT2Block> h;

    @org.jtorch.nn.Name("ln_f")
    LayerNorm lnF;

    /** Creates a model with new weights. */
    public GPT2Model(GPT2Config config) {
        super(config);
        wte = new Embedding(config.vocabSize, config.nEmbd);
        wpe = new Embedding(config.nPositions, config.nEmbd);
        drop = new Dropout(config.embdPdrop);
        h = new ModuleList<>(IntStream.range(0, Math.toIntExact(config.nLayer))
                .mapToObj(i -> new GPT2Block(config, i))
                .toList());
        lnF = new LayerNorm(config.nEmbd, o -> o.eps(config.layerNormEpsilon));
    }

    @Override
    protected Tensor forward(DecoderInput input) {
        long past = input.cache() == null ? 0 : input.cache().length();
        TextLength.check(past + input.inputIds().size(1), wpe.numEmbeddings());
        Tensor states = drop.call(wte.call(input.inputIds()).add(wpe.call(input.positions())));
        CausalMask mask = CausalMask.of(input, 0);
        for (GPT2Block block : h) {
            states = block.call(new GPT2Block.Input(states, mask, input.cache()));
        }
        return lnF.call(states);
    }
}
