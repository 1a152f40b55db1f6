package org.jtorch.text;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.text.tokenizers.HuggingFaceTokenizer;
import org.jtorch.text.tokenizers.Tokenizer;

/** The optional arguments with which a model of texts is read. */
public final class TextOptions {

    Function<Path, ? extends Tokenizer> tokenizer = HuggingFaceTokenizer::load;
    Consumer<? super PretrainedOptions> model = o -> {};
    int batchSize = 32;

    @Nullable
    Integer maxLength;

    @Nullable
    String chatTemplate;

    private TextOptions() {}

    static TextOptions of(Consumer<? super TextOptions> setter) {
        TextOptions options = new TextOptions();
        setter.accept(options);
        return options;
    }

    /** Sets what reads the tokenizer of a folder; the default is {@link HuggingFaceTokenizer#load}. */
    public TextOptions tokenizer(Function<Path, ? extends Tokenizer> reader) {
        tokenizer = reader;
        return this;
    }

    /** Sets how the weights are read: their dtype, device and so on. */
    public TextOptions model(Consumer<? super PretrainedOptions> options) {
        model = options;
        return this;
    }

    /** Sets the template of conversations, written in Jinja; the default is the folder's. Only a generator uses it. */
    public TextOptions chatTemplate(String template) {
        chatTemplate = template;
        return this;
    }

    /** Sets the greatest number of texts that are computed at once; the default is 32. */
    public TextOptions batchSize(int texts) {
        if (texts < 1) {
            throw new IllegalArgumentException("batchSize is " + texts + ", but it must be at least 1");
        }
        batchSize = texts;
        return this;
    }

    /** Sets the greatest number of tokens of a text, of which the rest is cut; the default is what the folder says. */
    public TextOptions maxLength(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("maxLength is " + tokens + ", but it must be at least 1");
        }
        maxLength = tokens;
        return this;
    }
}
