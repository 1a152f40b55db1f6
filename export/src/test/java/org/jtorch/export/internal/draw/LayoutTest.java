package org.jtorch.export.internal.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static double[] all(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void noBoxesOverlapAndLinesLeadDownwards() {
        Random random = new Random(3);
        int boxes = 120;
        double[] widths = random.doubles(boxes, 60, 200).toArray();
        double[] heights = random.doubles(boxes, 20, 90).toArray();
        List<Layout.Edge> edges = new ArrayList<>();
        for (int to = 1; to < boxes; to++) {
            edges.add(new Layout.Edge(Math.max(0, to - 1 - random.nextInt(3)), to));
            edges.add(new Layout.Edge(random.nextInt(to), to));
        }
        boolean[] starts = new boolean[boxes];
        starts[0] = true;
        Layout layout = new Layout(widths, heights, starts, edges);
        for (int i = 0; i < boxes; i++) {
            assertTrue(layout.left(i) >= -1e-6 && layout.left(i) + widths[i] <= layout.width() + 1e-6, "inside");
            assertTrue(layout.top(i) >= 0 && layout.top(i) + heights[i] <= layout.height() + 1e-6, "inside");
            for (int j = 0; j < i; j++) {
                boolean beside =
                        layout.left(i) + widths[i] <= layout.left(j) || layout.left(j) + widths[j] <= layout.left(i);
                boolean below =
                        layout.top(i) + heights[i] <= layout.top(j) || layout.top(j) + heights[j] <= layout.top(i);
                assertTrue(beside || below, i + " and " + j + " overlap");
            }
        }
        for (Layout.Edge edge : edges) {
            double arrival = layout.left(edge.to()) + widths[edge.to()] / 2;
            assertTrue(
                    layout.lines(edge.from()).stream()
                            .anyMatch(piece -> piece.arrow()
                                    && Math.abs(piece.x2() - arrival) < 1e-6
                                    && Math.abs(piece.y2() - layout.top(edge.to())) < 1e-6),
                    edge + " arrives");
            layout.lines(edge.from()).forEach(piece -> assertTrue(piece.y2() >= piece.y1(), "downwards"));
        }
    }

    @Test
    void aLineThatPassesABoxGoesAroundIt() {
        Layout layout = new Layout(
                all(3, 100),
                all(3, 30),
                new boolean[] {true, false, false},
                List.of(new Layout.Edge(0, 1), new Layout.Edge(1, 2), new Layout.Edge(0, 2)));
        double left = layout.left(1);
        assertTrue(
                layout.lines(0).stream()
                        .anyMatch(piece -> piece.x1() == piece.x2()
                                && piece.y1() <= layout.top(1)
                                && piece.y2() >= layout.top(1) + 30
                                && (piece.x1() < left || piece.x1() > left + 100)),
                "a piece beside the box");
    }

    @Test
    void whatDependsOnNoInputIsNearItsReader() {
        List<Layout.Edge> edges = List.of(
                new Layout.Edge(0, 1),
                new Layout.Edge(1, 2),
                new Layout.Edge(3, 4),
                new Layout.Edge(2, 5),
                new Layout.Edge(4, 5));
        Layout layout =
                new Layout(all(6, 50), all(6, 20), new boolean[] {true, false, false, false, false, false}, edges);
        assertEquals(layout.top(2), layout.top(4));
        assertEquals(layout.top(1), layout.top(3));
    }

    @Test
    void aLongGraphDoesNotDriftToOneSide() {
        List<Layout.Edge> edges = new ArrayList<>();
        for (int i = 0; i < 300; i += 3) {
            edges.add(new Layout.Edge(i, i + 1));
            edges.add(new Layout.Edge(i + 1, i + 2));
            edges.add(new Layout.Edge(i + 2, i + 3));
            edges.add(new Layout.Edge(i, i + 3));
        }
        boolean[] starts = new boolean[301];
        starts[0] = true;
        assertTrue(new Layout(all(301, 100), all(301, 30), starts, edges).width() < 400);
    }

    @Test
    void aLineUpwardsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Layout(all(2, 1), all(2, 1), new boolean[2], List.of(new Layout.Edge(1, 0))));
    }
}
