package org.jtorch.models.generation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;

/** The optional arguments of {@link Generation}, with the names and defaults of {@code transformers}. */
public final class GenerationOptions {

    long maxNewTokens = 20;
    long minNewTokens;

    /** What a file says of the tokens of a text with those that it begins with; 0 if the numbers of new tokens are what counts. */
    long maxLength;

    long minLength;
    boolean doSample;
    double temperature = 1;
    long topK = 50;
    double topP = 1;
    double minP;
    double repetitionPenalty = 1;
    int numBeams = 1;
    double lengthPenalty = 1;
    boolean earlyStopping;
    long[] eosTokenIds = {};

    @Nullable
    Long padTokenId;

    @Nullable
    Long decoderStartTokenId;

    @Nullable
    Generator generator;

    final List<LogitsFilter> filters = new ArrayList<>();
    final List<Predicate<long[]>> stops = new ArrayList<>();
    final List<Consumer<long[]>> listeners = new ArrayList<>();

    List<String> stopStrings = List.of();

    private GenerationOptions() {}

    /** Returns the defaults with what a function sets. */
    public static GenerationOptions of(Consumer<? super GenerationOptions> setter) {
        GenerationOptions options = new GenerationOptions();
        setter.accept(options);
        return options;
    }

    /**
     * Sets what a folder's {@code generation_config.json} says; if there is no such file, what {@code config.json} says of it, and
     * nothing if there is neither. {@code max_length} and {@code min_length}, which count the prompt too, or of an encoder and decoder
     * the token with which the decoder starts, hold until {@link #maxNewTokens} and {@link #minNewTokens} are set.
     *
     * @param folder the folder of a model
     * @throws org.jtorch.models.pretrained.ConfigException if the file asks for something that is not computed
     */
    public GenerationOptions fromPretrained(Path folder) {
        GenerationConfig.find(folder).ifPresent(config -> config.applyTo(this));
        return this;
    }

    /** Sets the greatest number of new tokens; the default is 20. */
    public GenerationOptions maxNewTokens(long tokens) {
        LogitsFilters.require(tokens > 0, "maxNewTokens", tokens, "greater than 0");
        maxNewTokens = tokens;
        maxLength = 0;
        return this;
    }

    /** Sets the number of new tokens before which no text ends; the default is 0. */
    public GenerationOptions minNewTokens(long tokens) {
        LogitsFilters.require(tokens >= 0, "minNewTokens", tokens, "at least 0");
        minNewTokens = tokens;
        minLength = 0;
        return this;
    }

    /**
     * Sets whether tokens are drawn by their probability; by default, the likeliest one is taken. {@link #temperature},
     * {@link #topK}, {@link #topP} and {@link #minP} have an effect only if tokens are drawn.
     */
    public GenerationOptions doSample(boolean newDoSample) {
        doSample = newDoSample;
        return this;
    }

    /** Sets {@link LogitsFilters#temperature} for drawn tokens, see {@link #doSample}; the default is 1. */
    public GenerationOptions temperature(double newTemperature) {
        LogitsFilters.temperature(newTemperature);
        temperature = newTemperature;
        return this;
    }

    /** Sets {@link LogitsFilters#topK} for drawn tokens; 0 for all. The default is 50. */
    public GenerationOptions topK(long k) {
        LogitsFilters.require(k >= 0, "topK", k, "at least 0");
        topK = k;
        return this;
    }

    /** Sets {@link LogitsFilters#topP} for drawn tokens; the default is 1, for all. */
    public GenerationOptions topP(double p) {
        LogitsFilters.topP(p);
        topP = p;
        return this;
    }

    /** Sets {@link LogitsFilters#minP} for drawn tokens; 0, the default, for all. */
    public GenerationOptions minP(double p) {
        LogitsFilters.minP(p);
        minP = p;
        return this;
    }

    /** Sets {@link LogitsFilters#repetitionPenalty}; the default is 1, for none. */
    public GenerationOptions repetitionPenalty(double penalty) {
        LogitsFilters.repetitionPenalty(penalty);
        repetitionPenalty = penalty;
        return this;
    }

    /** Sets the number of texts that are followed at the same time; the default is 1, for no beam search. */
    public GenerationOptions numBeams(int beams) {
        LogitsFilters.require(beams > 0, "numBeams", beams, "greater than 0");
        numBeams = beams;
        return this;
    }

    /** Sets the exponent of the length by which the score of a beam is divided; the default is 1. */
    public GenerationOptions lengthPenalty(double penalty) {
        lengthPenalty = penalty;
        return this;
    }

    /** Sets whether a beam search ends as soon as there are enough finished texts; the default is false. */
    public GenerationOptions earlyStopping(boolean newEarlyStopping) {
        earlyStopping = newEarlyStopping;
        return this;
    }

    /** Sets the tokens that end a text; by default, there are none. */
    public GenerationOptions eosTokenIds(long... tokens) {
        eosTokenIds = tokens.clone();
        return this;
    }

    /** Sets the token after the end of a text; the default is the first one that ends a text. */
    public GenerationOptions padTokenId(long token) {
        padTokenId = token;
        return this;
    }

    /**
     * Sets the token with which the decoder of an encoder and decoder starts; the default is that of the model's configuration. A model
     * without an encoder does not use it.
     */
    public GenerationOptions decoderStartTokenId(long token) {
        LogitsFilters.require(token >= 0, "decoderStartTokenId", token, "at least 0");
        decoderStartTokenId = token;
        return this;
    }

    /** Sets where drawn tokens come from; by default, the default generator of the device. */
    public GenerationOptions generator(Generator newGenerator) {
        generator = newGenerator;
        return this;
    }

    /** Adds a filter, which is applied to the scores before the others. */
    public GenerationOptions filter(LogitsFilter filter) {
        filters.add(filter);
        return this;
    }

    /**
     * Adds a condition that ends a text, such as that it contains a word.
     *
     * @param condition is given the new tokens of the text, without the prompt
     */
    public GenerationOptions stopWhen(Predicate<long[]> condition) {
        stops.add(condition);
        return this;
    }

    /**
     * Sets the texts that end the generated one. They need a tokenizer, so that only {@code TextGenerator} of the artifact
     * {@code jtorch-text} takes them.
     */
    public GenerationOptions stopStrings(String... texts) {
        for (String each : texts) {
            if (each.isEmpty()) {
                throw new IllegalArgumentException("one of stopStrings is empty, and would end each text at once");
            }
        }
        stopStrings = List.of(texts);
        return this;
    }

    /** Returns the texts that end the generated one. */
    public List<String> chosenStopStrings() {
        return stopStrings;
    }

    /** Returns the number of texts that are followed at the same time. */
    public int chosenNumBeams() {
        return numBeams;
    }

    /** Returns the tokens that end a text. */
    public long[] chosenEosTokenIds() {
        return eosTokenIds.clone();
    }

    /** Adds a function that is given the new token of each text after each step. A beam search does not call it. */
    public GenerationOptions onTokens(Consumer<long[]> listener) {
        listeners.add(listener);
        return this;
    }

    /** Sets the numbers of new tokens that follow from the number of tokens that the texts begin with. */
    void resolve(long beginningLength) {
        if (maxLength > 0) {
            if (beginningLength >= maxLength) {
                throw new IllegalArgumentException(
                        "the text begins with " + beginningLength + " tokens, but the folder's max_length is "
                                + maxLength + " tokens with the new ones: set maxNewTokens");
            }
            maxNewTokens(maxLength - beginningLength);
        }
        if (minLength > 0) {
            minNewTokens(Math.max(0, minLength - beginningLength));
        }
    }

    /** Returns the filters in the order of {@code transformers}. */
    List<LogitsFilter> allFilters(long beginningLength) {
        List<LogitsFilter> all = new ArrayList<>(filters);
        if (repetitionPenalty != 1) {
            all.add(LogitsFilters.repetitionPenalty(repetitionPenalty));
        }
        if (minNewTokens > 0 && eosTokenIds.length > 0) {
            LogitsFilter endless = LogitsFilters.without(eosTokenIds);
            all.add((ids, scores) ->
                    ids.size(1) - beginningLength < minNewTokens ? endless.apply(ids, scores) : scores);
        }
        if (doSample) {
            if (temperature != 1) {
                all.add(LogitsFilters.temperature(temperature));
            }
            if (topK > 0) {
                all.add(LogitsFilters.topK(topK));
            }
            if (topP < 1) {
                all.add(LogitsFilters.topP(topP));
            }
            if (minP > 0) {
                all.add(LogitsFilters.minP(minP));
            }
        }
        return all;
    }

    boolean ends(long token) {
        for (long eos : eosTokenIds) {
            if (eos == token) {
                return true;
            }
        }
        return false;
    }

    long pad() {
        return padTokenId != null ? padTokenId : eosTokenIds.length > 0 ? eosTokenIds[0] : 0;
    }
}
