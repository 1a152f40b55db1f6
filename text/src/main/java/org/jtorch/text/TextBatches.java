package org.jtorch.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jtorch.text.tokenizers.Tokens;

/** Computes many texts in batches of similar lengths, so that little is padded, and gives the results in the order of the texts. */
final class TextBatches {

    private TextBatches() {}

    /**
     * Computes texts.
     *
     * @param texts the texts
     * @param batchSize the greatest number of texts of a batch
     * @param compute gives a result for each text of a batch
     * @return a result for each text
     */
    static <R> List<R> map(List<Tokens> texts, int batchSize, Function<List<Tokens>, List<R>> compute) {
        List<Integer> order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> -texts.get(i).size()))
                .toList();
        List<R> results = new ArrayList<>(texts.size());
        List<R> computed = new ArrayList<>(texts.size());
        for (int from = 0; from < order.size(); from += batchSize) {
            List<Integer> indices = order.subList(from, Math.min(from + batchSize, order.size()));
            computed.addAll(compute.apply(indices.stream().map(texts::get).toList()));
        }
        int[] places = new int[texts.size()];
        for (int i = 0; i < places.length; i++) {
            places[order.get(i)] = i;
        }
        for (int place : places) {
            results.add(computed.get(place));
        }
        return results;
    }
}
