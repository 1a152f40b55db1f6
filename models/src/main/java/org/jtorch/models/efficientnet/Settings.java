package org.jtorch.models.efficientnet;

import java.util.List;
import java.util.stream.IntStream;
import org.jtorch.models.vision.Channels;

/** The blocks of the known variants: table 1 of the first paper, and table 4 of the second one. */
final class Settings {

    private static final List<List<Integer>> B0 = List.of(
            List.of(1, 3, 1, 32, 16, 1),
            List.of(6, 3, 2, 16, 24, 2),
            List.of(6, 5, 2, 24, 40, 2),
            List.of(6, 3, 2, 40, 80, 3),
            List.of(6, 5, 1, 80, 112, 3),
            List.of(6, 5, 2, 112, 192, 4),
            List.of(6, 3, 1, 192, 320, 1));

    /** What the stages of the second paper have in common. */
    private static final List<Stage> V2 = List.of(
            new Stage("FusedMBConv", 1, 1),
            new Stage("FusedMBConv", 4, 2),
            new Stage("FusedMBConv", 4, 2),
            new Stage("MBConv", 4, 2),
            new Stage("MBConv", 6, 1),
            new Stage("MBConv", 6, 2),
            new Stage("MBConv", 6, 1));

    static final List<List<?>> V2_S = staged(List.of(24, 48, 64, 128, 160, 256), List.of(2, 4, 4, 6, 9, 15));
    static final List<List<?>> V2_M = staged(List.of(24, 48, 80, 160, 176, 304, 512), List.of(3, 5, 5, 7, 14, 18, 5));
    static final List<List<?>> V2_L = staged(List.of(32, 64, 96, 192, 224, 384, 640), List.of(4, 7, 7, 10, 19, 25, 7));

    /** Blocks with a kernel of 3 x 3: their kind, how many times more channels are inside, and the stride of the first. */
    private record Stage(String kind, int expandRatio, int stride) {}

    private Settings() {}

    /** Returns the blocks of B0 with more channels and more blocks. */
    static List<List<?>> scaled(double width, double depth) {
        return B0.stream()
                .<List<?>>map(row -> List.of(
                        "MBConv",
                        row.get(0),
                        row.get(1),
                        row.get(2),
                        (int) Channels.divisible(row.get(3) * width, 8),
                        (int) Channels.divisible(row.get(4) * width, 8),
                        (int) Math.ceil(row.get(5) * depth)))
                .toList();
    }

    /**
     * Returns the blocks of a variant of the second paper.
     *
     * @param channels the channels of the output of each stage, of which the first has as many in its input
     * @param blocks the number of blocks of each stage
     */
    private static List<List<?>> staged(List<Integer> channels, List<Integer> blocks) {
        return IntStream.range(0, channels.size())
                .<List<?>>mapToObj(i -> {
                    Stage stage = V2.get(i);
                    int in = channels.get(Math.max(0, i - 1));
                    return List.of(stage.kind, stage.expandRatio, 3, stage.stride, in, channels.get(i), blocks.get(i));
                })
                .toList();
    }
}
