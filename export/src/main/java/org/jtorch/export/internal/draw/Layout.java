package org.jtorch.export.internal.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Places boxes in layers from top to bottom, so that each is below those from which a line leads to it. A line that passes layers
 * has a place of its own in each of them, so that it goes around the boxes there. The lines from one box share these places.
 *
 * <p>The order in a layer, and then the places, are found by moving each box towards the mean of those with which it is connected, a
 * few times downwards and upwards.
 */
final class Layout {

    /** A line from one box to another one, whose index is greater. */
    record Edge(int from, int to) {}

    /** A piece of a line. */
    record Piece(double x1, double y1, double x2, double y2, boolean arrow) {}

    private static final double LAYER_GAP = 34;
    private static final double BOX_GAP = 22;
    private static final double LINE_GAP = 12;
    private static final int ROUNDS = 12;

    /** How much an item is drawn to the middle, so that a long graph does not drift to one side. */
    private static final double PULL = 0.06;

    /** The greatest number of places for lines. A graph with more has straight lines, which may cross boxes. */
    private static final int MAX_PLACES = 100_000;

    private final int boxes;
    private final double[] widths;
    private final double[] heights;
    private final int[] rank;

    /** For each item, the boxes and then the places of lines, those above and below with which it is connected. */
    private final List<List<Integer>> above = new ArrayList<>();

    private final List<List<Integer>> below = new ArrayList<>();
    private final List<Integer> itemRanks = new ArrayList<>();
    private final List<int[]> layers = new ArrayList<>();
    private final double[] x;
    private final double[] tops;
    private final double[] layerHeights;

    /** For each box, the place of its lines in the layer below it and the following ones; the first is that box. */
    private final List<List<Integer>> chains = new ArrayList<>();

    private final List<List<Integer>> readers = new ArrayList<>();

    /**
     * Places boxes.
     *
     * @param starts those at which the graph begins. Others that do not depend on them are near the first box that reads them
     */
    Layout(double[] widths, double[] heights, boolean[] starts, List<Edge> edges) {
        this.boxes = widths.length;
        this.widths = widths.clone();
        this.heights = heights.clone();
        this.rank = ranks(boxes, starts, edges);
        for (int i = 0; i < boxes; i++) {
            addItem(rank[i]);
            readers.add(new ArrayList<>());
        }
        edges.stream().distinct().forEach(edge -> readers.get(edge.from).add(edge.to));
        connect();
        int count = Arrays.stream(rank).max().orElse(-1) + 1;
        this.layerHeights = new double[count];
        this.tops = new double[count];
        fillLayers(count);
        for (int round = 0; round < ROUNDS; round++) {
            sort(round % 2 == 0);
        }
        this.x = new double[itemRanks.size()];
        place();
    }

    private void addItem(int layer) {
        itemRanks.add(layer);
        above.add(new ArrayList<>());
        below.add(new ArrayList<>());
    }

    /** Returns the layer of each box: as high as possible, or, if it does not depend on a start, as low as possible. */
    private static int[] ranks(int boxes, boolean[] starts, List<Edge> edges) {
        int[] ranks = new int[boxes];
        boolean[] depends = starts.clone();
        boolean[] isReader = new boolean[boxes];
        List<Edge> sorted = new ArrayList<>(edges);
        sorted.sort(Comparator.comparingInt(Edge::from));
        for (Edge edge : sorted) {
            if (edge.from >= edge.to) {
                throw new IllegalArgumentException("a line from " + edge.from + " to " + edge.to + " leads upwards");
            }
            ranks[edge.to] = Math.max(ranks[edge.to], ranks[edge.from] + 1);
            depends[edge.to] |= depends[edge.from];
            isReader[edge.to] = true;
        }
        int[] lowest = new int[boxes];
        Arrays.fill(lowest, Integer.MAX_VALUE);
        sorted.sort(Comparator.comparingInt(Edge::from).reversed());
        for (Edge edge : sorted) {
            // all lines that leave the end come before this one, so its layer is known
            if (lowest[edge.to] != Integer.MAX_VALUE && (!depends[edge.to] || !isReader[edge.to])) {
                ranks[edge.to] = lowest[edge.to];
            }
            lowest[edge.from] = Math.min(lowest[edge.from], ranks[edge.to] - 1);
        }
        for (int i = 0; i < boxes; i++) {
            if (lowest[i] != Integer.MAX_VALUE && (!depends[i] || !isReader[i])) {
                ranks[i] = lowest[i];
            }
        }
        return ranks;
    }

    private void connect() {
        long places = 0;
        for (int i = 0; i < boxes; i++) {
            places += last(i) - rank[i] - 1;
        }
        boolean straight = places > MAX_PLACES;
        for (int i = 0; i < boxes; i++) {
            List<Integer> chain = new ArrayList<>(List.of(i));
            for (int r = rank[i] + 1; r < last(i) && !straight; r++) {
                int place = itemRanks.size();
                addItem(r);
                join(chain.get(chain.size() - 1), place);
                chain.add(place);
            }
            chains.add(chain);
            for (int reader : readers.get(i)) {
                join(chain.get(Math.min(rank[reader] - 1 - rank[i], chain.size() - 1)), reader);
            }
        }
    }

    private int last(int box) {
        return readers.get(box).stream().mapToInt(reader -> rank[reader]).max().orElse(rank[box] + 1);
    }

    private void join(int upper, int lower) {
        below.get(upper).add(lower);
        above.get(lower).add(upper);
    }

    private boolean isBox(int item) {
        return item < boxes;
    }

    private void fillLayers(int count) {
        List<List<Integer>> filled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            filled.add(new ArrayList<>());
        }
        for (int item = 0; item < itemRanks.size(); item++) {
            filled.get(itemRanks.get(item)).add(item);
            if (isBox(item)) {
                layerHeights[rank[item]] = Math.max(layerHeights[rank[item]], heights[item]);
            }
        }
        double y = 0;
        for (int i = 0; i < count; i++) {
            layers.add(filled.get(i).stream().mapToInt(Integer::intValue).toArray());
            tops[i] = y;
            y += layerHeights[i] + LAYER_GAP;
        }
    }

    // --- order -------------------------------------------------------------------------------------------------

    /** Sorts each layer by the mean place of what is connected in the layer before. */
    private void sort(boolean downwards) {
        double[] position = new double[itemRanks.size()];
        for (int[] layer : layers) {
            for (int i = 0; i < layer.length; i++) {
                position[layer[i]] = i;
            }
        }
        for (int step = 1; step < layers.size(); step++) {
            int index = downwards ? step : layers.size() - 1 - step;
            Integer[] items = Arrays.stream(layers.get(index)).boxed().toArray(Integer[]::new);
            double[] means = new double[items.length];
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < items.length; i++) {
                List<Integer> others = (downwards ? above : below).get(items[i]);
                means[i] = others.stream()
                        .mapToDouble(other -> position[other])
                        .average()
                        .orElse(i);
                order.add(i);
            }
            order.sort(Comparator.comparingDouble(i -> means[i]));
            int[] sorted = order.stream().mapToInt(i -> items[i]).toArray();
            layers.set(index, sorted);
            for (int i = 0; i < sorted.length; i++) {
                position[sorted[i]] = i;
            }
        }
    }

    // --- places ------------------------------------------------------------------------------------------------

    private double width(int item) {
        return isBox(item) ? widths[item] : 0;
    }

    private double distance(int left, int right) {
        return (width(left) + width(right)) / 2 + (isBox(left) || isBox(right) ? BOX_GAP : LINE_GAP);
    }

    private void place() {
        for (int[] layer : layers) {
            for (int i = 1; i < layer.length; i++) {
                x[layer[i]] = x[layer[i - 1]] + distance(layer[i - 1], layer[i]);
            }
            double middle = layer.length == 0 ? 0 : x[layer[layer.length - 1]] / 2;
            for (int item : layer) {
                x[item] -= middle;
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            boolean last = round >= ROUNDS - 2;
            for (int step = 0; step < layers.size(); step++) {
                int[] layer = layers.get(round % 2 == 0 ? step : layers.size() - 1 - step);
                double[] wanted = new double[layer.length];
                for (int i = 0; i < layer.length; i++) {
                    wanted[i] = wanted(layer[i], last || round % 2 == 0, last || round % 2 == 1);
                }
                settle(layer, wanted);
            }
        }
        double left = Double.POSITIVE_INFINITY;
        for (int item = 0; item < x.length; item++) {
            left = Math.min(left, x[item] - width(item) / 2);
        }
        for (int item = 0; item < x.length; item++) {
            x[item] -= left;
        }
    }

    private double wanted(int item, boolean byAbove, boolean byBelow) {
        double sum = 0;
        int count = 0;
        if (byAbove) {
            for (int other : above.get(item)) {
                sum += x[other];
                count++;
            }
        }
        if (byBelow) {
            for (int other : below.get(item)) {
                sum += x[other];
                count++;
            }
        }
        return count == 0 ? x[item] : sum / count * (1 - PULL);
    }

    /**
     * Moves the items of a layer as near as possible to where they want to be, in the sense of least squares, so that they keep
     * their order and distances: the regression by pools of neighbours that want to be in the wrong order.
     */
    private void settle(int[] layer, double[] wanted) {
        double[] offset = new double[layer.length];
        double[] mean = new double[layer.length];
        int[] size = new int[layer.length];
        int pools = 0;
        for (int i = 0; i < layer.length; i++) {
            offset[i] = i == 0 ? 0 : offset[i - 1] + distance(layer[i - 1], layer[i]);
            mean[pools] = wanted[i] - offset[i];
            size[pools] = 1;
            pools++;
            while (pools > 1 && mean[pools - 2] > mean[pools - 1]) {
                int both = size[pools - 2] + size[pools - 1];
                mean[pools - 2] = (mean[pools - 2] * size[pools - 2] + mean[pools - 1] * size[pools - 1]) / both;
                size[pools - 2] = both;
                pools--;
            }
        }
        int item = 0;
        for (int pool = 0; pool < pools; pool++) {
            for (int k = 0; k < size[pool]; k++) {
                x[layer[item]] = mean[pool] + offset[item];
                item++;
            }
        }
    }

    // --- result ------------------------------------------------------------------------------------------------

    double left(int box) {
        return x[box] - widths[box] / 2;
    }

    double top(int box) {
        return tops[rank[box]] + (layerHeights[rank[box]] - heights[box]) / 2;
    }

    double width() {
        double right = 0;
        for (int item = 0; item < x.length; item++) {
            right = Math.max(right, x[item] + width(item) / 2);
        }
        return right;
    }

    double height() {
        return tops.length == 0 ? 0 : tops[tops.length - 1] + layerHeights[tops.length - 1];
    }

    /** Returns the lines that leave a box. */
    List<Piece> lines(int box) {
        List<Piece> pieces = new ArrayList<>();
        List<Integer> chain = chains.get(box);
        for (int i = 1; i < chain.size(); i++) {
            int place = chain.get(i);
            pieces.add(new Piece(x[chain.get(i - 1)], bottomOf(chain.get(i - 1)), x[place], topOf(place), false));
            pieces.add(new Piece(x[place], topOf(place), x[place], bottomOf(place), false));
        }
        for (int reader : readers.get(box)) {
            int from = chain.get(Math.min(rank[reader] - 1 - rank[box], chain.size() - 1));
            pieces.add(new Piece(x[from], bottomOf(from), x[reader], top(reader), true));
        }
        return pieces;
    }

    private double topOf(int item) {
        return isBox(item) ? top(item) : tops[itemRanks.get(item)];
    }

    private double bottomOf(int item) {
        return isBox(item) ? top(item) + heights[item] : tops[itemRanks.get(item)] + layerHeights[itemRanks.get(item)];
    }
}
