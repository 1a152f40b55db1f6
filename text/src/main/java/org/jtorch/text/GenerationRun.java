package org.jtorch.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.GenerativeModel;
import org.jtorch.models.generation.GeneratedTokens;
import org.jtorch.models.generation.Generation;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.text.tokenizers.TokenBatch;
import org.jtorch.text.tokenizers.Tokenizer;
import org.jtorch.text.tokenizers.Tokens;

/** The generation of texts after prompts, step by step. */
final class GenerationRun implements AutoCloseable {

    /** What is known of one text. */
    private static final class State {
        final TokenText text;
        final StopStrings stops;
        final StringBuilder all = new StringBuilder();
        final List<Long> tokens = new ArrayList<>();
        final int promptTokens;

        @Nullable
        FinishReason reason;

        State(Tokenizer tokenizer, List<String> stopStrings, int promptTokens) {
            text = new TokenText(tokenizer);
            stops = new StopStrings(stopStrings);
            this.promptTokens = promptTokens;
        }

        /** Adds a token, and returns the text that can be given. */
        String add(long token) {
            tokens.add(token);
            return give(stops.add(text.add(token)));
        }

        /** Ends the text, and returns what is left of it. */
        String end(FinishReason newReason) {
            String last = stops.add(text.finish());
            reason = stops.isFound() ? FinishReason.STOP_STRING : newReason;
            return give(last + stops.finish());
        }

        private String give(String piece) {
            all.append(piece);
            return piece;
        }

        GeneratedText result() {
            return new GeneratedText(
                    all.toString(), tokens, promptTokens, reason == null ? FinishReason.LENGTH : reason);
        }
    }

    private final GeneratedTokens tokens;
    private final List<State> states = new ArrayList<>();
    private long[] ends = {};

    GenerationRun(
            GenerativeModel<?, ?, ?> model,
            Tokenizer tokenizer,
            TokenBatch batch,
            List<Tokens> prompts,
            Consumer<? super GenerationOptions> options) {
        List<String> stopStrings = new ArrayList<>();
        tokens = Generation.iterate(model, batch.inputIds(), batch.attentionMask(), o -> {
            options.accept(o);
            stopStrings.addAll(o.chosenStopStrings());
            ends = o.chosenEosTokenIds();
            o.stopStrings(); // they are found here
        });
        prompts.forEach(prompt -> states.add(new State(tokenizer, stopStrings, prompt.size())));
    }

    /** Generates texts to their ends, and gives the pieces of each step. */
    static List<GeneratedText> all(
            GenerativeModel<?, ?, ?> model,
            Tokenizer tokenizer,
            TokenBatch batch,
            List<Tokens> prompts,
            Consumer<? super GenerationOptions> options,
            Consumer<List<String>> listener) {
        GenerationOptions chosen = GenerationOptions.of(options);
        if (chosen.chosenNumBeams() > 1) {
            List<GeneratedText> results = beams(model, tokenizer, batch, prompts, chosen, options);
            listener.accept(results.stream().map(GeneratedText::text).toList());
            return results;
        }
        try (GenerationRun run = new GenerationRun(model, tokenizer, batch, prompts, options)) {
            while (run.hasNext()) {
                listener.accept(run.next());
            }
            return run.states.stream().map(State::result).toList();
        }
    }

    private static List<GeneratedText> beams(
            GenerativeModel<?, ?, ?> model,
            Tokenizer tokenizer,
            TokenBatch batch,
            List<Tokens> prompts,
            GenerationOptions chosen,
            Consumer<? super GenerationOptions> options) {
        if (!chosen.chosenStopStrings().isEmpty()) {
            throw new IllegalArgumentException("stopStrings is " + chosen.chosenStopStrings() + " and numBeams is "
                    + chosen.chosenNumBeams() + ", but a beam search does not stop at texts: leave out one of them");
        }
        // what the texts begin with: the prompt, or the token with which a decoder that answers it starts
        long beginning = model.isEncoderDecoder() ? 1 : batch.inputIds().size(1);
        List<GeneratedText> results = new ArrayList<>();
        try (Tensor ids = Generation.generate(model, batch.inputIds(), batch.attentionMask(), options)) {
            for (int i = 0; i < prompts.size(); i++) {
                long[] row = ids.select(0, i).toLongArray();
                State state = new State(tokenizer, List.of(), prompts.get(i).size());
                for (int j = (int) beginning; j < row.length && state.reason == null; j++) {
                    state.add(row[j]);
                    if (contains(chosen.chosenEosTokenIds(), row[j])) {
                        state.end(FinishReason.END);
                    }
                }
                if (state.reason == null) {
                    state.end(FinishReason.LENGTH);
                }
                results.add(state.result());
            }
        }
        return results;
    }

    boolean hasNext() {
        return tokens.hasNext();
    }

    /** Computes the next token of each text, and returns the pieces of the texts that can be given. */
    List<String> next() {
        long[] step = tokens.next();
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < step.length; i++) {
            State state = states.get(i);
            if (state.reason != null) {
                pieces.add("");
                continue;
            }
            String piece = state.add(step[i]);
            if (state.stops.isFound()) {
                state.reason = FinishReason.STOP_STRING;
                tokens.end(i);
            } else if (tokens.hasEnded(i)) {
                piece += state.end(contains(ends, step[i]) ? FinishReason.END : FinishReason.CONDITION);
            }
            pieces.add(piece);
        }
        if (!tokens.hasNext()) {
            for (int i = 0; i < step.length; i++) {
                if (states.get(i).reason == null) {
                    pieces.set(i, pieces.get(i) + states.get(i).end(FinishReason.LENGTH));
                }
            }
        }
        return pieces;
    }

    private static boolean contains(long[] values, long value) {
        return Arrays.stream(values).anyMatch(each -> each == value);
    }

    @Override
    public void close() {
        tokens.close();
    }
}
