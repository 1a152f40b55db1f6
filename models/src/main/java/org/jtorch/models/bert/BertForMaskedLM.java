package org.jtorch.models.bert;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;

/** BERT that guesses masked words: tokens (N, S) to scores (N, S, vocab_size). */
public final class BertForMaskedLM extends PretrainedModel<BertConfig, EncoderInput, Tensor> {

    BertModel bert;
    Head cls;

    /** Creates a model with new weights. */
    public BertForMaskedLM(BertConfig config) {
        super(config);
        bert = new BertModel(config, false);
        cls = new Head(config);
        if (config.tieWordEmbeddings) {
            cls.predictions.decoder.weight = bert.embeddings.wordEmbeddings.weight;
        }
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForMaskedLM fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertForMaskedLM fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, BertConfig::new, BertForMaskedLM::new, options);
    }

    @Override
    protected Tensor forward(EncoderInput input) {
        return cls.call(bert.call(input).lastHiddenState());
    }

    @Override
    protected String baseModelPrefix() {
        return "bert";
    }

    /** The map to scores, under the names of the original model. */
    static final class Head extends Module<Tensor, Tensor> {
        Predictions predictions;

        Head(BertConfig config) {
            predictions = new Predictions(config);
        }

        @Override
        protected Tensor forward(Tensor states) {
            return predictions.call(states);
        }
    }

    /** The map to scores: (N, S, hidden_size) to (N, S, vocab_size). */
    static final class Predictions extends Module<Tensor, Tensor> {
        Transform transform;
        Linear decoder;

        /** The bias of the decoder if that is tied, and otherwise not used. */
        Parameter bias;

        Predictions(BertConfig config) {
            transform = new Transform(config);
            decoder = new Linear(config.hiddenSize, config.vocabSize);
            bias = new Parameter(Torch.zeros(config.vocabSize));
            if (config.tieWordEmbeddings) {
                decoder.bias = bias;
            }
        }

        @Override
        protected Tensor forward(Tensor states) {
            return decoder.call(transform.call(states));
        }
    }

    /** A map of each token before the scores. */
    static final class Transform extends Module<Tensor, Tensor> {
        Linear dense;

        @Name("LayerNorm")
        LayerNorm layerNorm;

        private final UnaryOperator<Tensor> activation;

        Transform(BertConfig config) {
            dense = new Linear(config.hiddenSize, config.hiddenSize);
            layerNorm = new LayerNorm(config.hiddenSize, o -> o.eps(config.layerNormEps));
            activation = config.hiddenAct;
        }

        @Override
        protected Tensor forward(Tensor states) {
            return layerNorm.call(activation.apply(dense.call(states)));
        }
    }
}
