package org.jtorch.models.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.models.decoder.GenerationState;
import org.jtorch.models.decoder.GenerativeModel;

/** Follows several continuations of each prompt at the same time, and returns the one whose tokens are likeliest together. */
final class BeamSearch {

    /** A score that no possible text has. */
    private static final float IMPOSSIBLE = -1e9f;

    /**
     * A continuation.
     *
     * @param tokens the new tokens
     * @param score the sum of the logarithms of their probabilities; of a finished one, divided by a power of its length
     * @param origin the row of the batch that it continues
     * @param finished whether it has ended
     */
    private record Beam(long[] tokens, float score, int origin, boolean finished) {

        Beam scored(float newScore) {
            return new Beam(tokens, newScore, origin, finished);
        }
    }

    /** The continuations of one prompt. */
    private static final class Search {
        List<Beam> running = new ArrayList<>();
        List<Beam> best = new ArrayList<>();
        boolean mayImprove = true;
        boolean hasOpen = true;

        boolean isFull() {
            return best.stream().allMatch(Beam::finished);
        }
    }

    private final GenerativeModel<?, ?, ?> model;
    private final Tensor inputIds;

    /** What the texts begin with, (N, T), int64. */
    private final Tensor beginning;

    private final @Nullable Tensor mask;
    private final GenerationOptions options;
    private final int beams;
    private final int kept;

    BeamSearch(GenerativeModel<?, ?, ?> model, Tensor inputIds, @Nullable Tensor mask, GenerationOptions options) {
        this.model = model;
        this.inputIds = inputIds;
        this.beginning = Generation.beginning(model, inputIds, options);
        this.mask = mask;
        this.options = options;
        this.beams = options.numBeams;
        this.kept = Math.max(2, 1 + options.eosTokenIds.length) * beams;
        if (options.doSample) {
            throw new IllegalArgumentException(
                    "numBeams is " + beams + " and doSample is true: a beam search does not draw");
        }
    }

    Tensor run() {
        List<Search> searches = new ArrayList<>();
        for (int i = 0; i < beginning.size(0); i++) {
            searches.add(start(i));
        }
        List<LogitsFilter> filters = options.allFilters(beginning.size(1));
        Tensor repeated = beginning.repeatInterleave(beams, 0L);
        try (GenerationState state = Generation.newState(model, inputIds, mask, options)) {
            Tensor all = repeated;
            Tensor next = repeated;
            for (int length = 1; length <= options.maxNewTokens; length++) {
                try (TensorScope scope = new TensorScope()) {
                    Tensor scores =
                            LogitsFilters.applyAll(filters, all, state.add(next).logSoftmax(-1));
                    advance(searches, scores, length);
                    state.reorder(ids(origins(searches)));
                }
                if (isOver(searches)) {
                    break;
                }
                next = ids(lastTokens(searches)).unsqueeze(1);
                all = Torch.cat(List.of(repeated, tokens(searches, length)), 1);
            }
        }
        return result(searches);
    }

    private Search start(int index) {
        Search search = new Search();
        for (int i = 0; i < beams; i++) { // the others begin as impossible, since they are the same
            search.running.add(new Beam(new long[0], i == 0 ? 0 : IMPOSSIBLE, index * beams + i, false));
            search.best.add(new Beam(new long[0], IMPOSSIBLE, index * beams + i, false));
        }
        return search;
    }

    private void advance(List<Search> searches, Tensor scores, int length) {
        long words = scores.size(1);
        float[] before = new float[searches.size() * beams];
        for (int i = 0; i < before.length; i++) {
            before[i] = searches.get(i / beams).running.get(i % beams).score();
        }
        Tensor sums = scores.add(
                        Torch.tensor(before, TensorOptions.of(DType.FLOAT32).device(scores.device()))
                                .unsqueeze(1))
                .view(searches.size(), beams * words);
        var top = sums.topk(kept);
        float[] values = top.values().toFloatArray();
        long[] indices = top.indices().toLongArray();
        for (int i = 0; i < searches.size(); i++) {
            List<Beam> candidates = new ArrayList<>();
            for (int j = 0; j < kept; j++) {
                long index = indices[i * kept + j];
                int origin = (int) (index / words);
                candidates.add(candidate(
                        searches.get(i).running.get(origin),
                        index % words,
                        values[i * kept + j],
                        i * beams + origin,
                        length));
            }
            advance(searches.get(i), candidates, length);
        }
    }

    private Beam candidate(Beam before, long token, float score, int origin, int length) {
        long[] tokens = Arrays.copyOf(before.tokens, length);
        tokens[length - 1] = token;
        boolean ends = options.ends(token)
                || length == options.maxNewTokens
                || options.stops.stream().anyMatch(stop -> stop.test(tokens));
        return new Beam(tokens, score, origin, ends);
    }

    private void advance(Search search, List<Beam> candidates, int length) {
        search.hasOpen = candidates.stream().anyMatch(candidate -> !candidate.finished);
        List<Beam> running = new ArrayList<>();
        for (Beam candidate : candidates) {
            running.add(candidate.finished ? candidate.scored(candidate.score + IMPOSSIBLE) : candidate);
        }
        boolean open = search.mayImprove && !(options.earlyStopping && search.isFull());
        List<Beam> best = new ArrayList<>(search.best);
        float divisor = (float) Math.pow(length, options.lengthPenalty);
        for (int i = 0; i < candidates.size(); i++) {
            Beam candidate = candidates.get(i);
            boolean counts = candidate.finished && i < beams;
            float score = candidate.score / divisor + (open ? 0 : IMPOSSIBLE) + (counts ? 0 : IMPOSSIBLE);
            best.add(new Beam(candidate.tokens, score, candidate.origin, counts));
        }
        search.running = top(running);
        search.best = top(best);
        float possible = search.running.get(0).score / divisor;
        float worst =
                (float) search.best.stream().mapToDouble(Beam::score).min().orElseThrow();
        search.mayImprove &= search.best.stream().anyMatch(beam -> possible > (beam.finished ? worst : IMPOSSIBLE));
    }

    private List<Beam> top(List<Beam> all) {
        return new ArrayList<>(all.stream()
                .sorted(Comparator.comparingDouble(Beam::score).reversed())
                .limit(beams)
                .toList());
    }

    private boolean isOver(List<Search> searches) {
        boolean mayImprove = searches.stream().anyMatch(search -> search.mayImprove);
        boolean full = options.earlyStopping && searches.stream().allMatch(Search::isFull);
        return !mayImprove || full || searches.stream().noneMatch(search -> search.hasOpen);
    }

    private long[] origins(List<Search> searches) {
        return searches.stream()
                .flatMap(s -> s.running.stream())
                .mapToLong(Beam::origin)
                .toArray();
    }

    private long[] lastTokens(List<Search> searches) {
        return searches.stream()
                .flatMap(s -> s.running.stream())
                .mapToLong(beam -> beam.tokens[beam.tokens.length - 1])
                .toArray();
    }

    private Tensor tokens(List<Search> searches, int length) {
        return ids(searches.stream()
                        .flatMap(s -> s.running.stream())
                        .flatMapToLong(beam -> Arrays.stream(beam.tokens))
                        .toArray())
                .view(-1, length);
    }

    private Tensor ids(long[] values) {
        return Torch.tensor(values, TensorOptions.of(DType.INT64).device(beginning.device()));
    }

    /** Returns what follows a text that ended: transformers' beam search takes padding of 0 as none. */
    private long padding() {
        return options.pad() == 0 && options.eosTokenIds.length > 0 ? options.eosTokenIds[0] : options.pad();
    }

    private Tensor result(List<Search> searches) {
        int longest = searches.stream()
                .mapToInt(search -> search.best.get(0).tokens.length)
                .max()
                .orElseThrow();
        long[] flat = new long[searches.size() * longest];
        for (int i = 0; i < searches.size(); i++) {
            long[] tokens = Arrays.copyOf(searches.get(i).best.get(0).tokens, longest);
            Arrays.fill(tokens, searches.get(i).best.get(0).tokens.length, longest, padding());
            System.arraycopy(tokens, 0, flat, i * longest, longest);
        }
        return Torch.cat(List.of(beginning, ids(flat).view(-1, longest)), 1);
    }
}
