package org.jtorch.export.internal.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.Compiled;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Graphs;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.passes.Explanation;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageTest {

    private static final String EVIL = "<script>alert('a' + \"b\")</script>&\u0000";

    /** Returns the drawings of a page, read as XML. */
    private static Document drawing(String page) throws Exception {
        int start = page.indexOf("<svg role");
        String svg = page.substring(start, page.indexOf("</svg>", start) + 6);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static int count(Document drawing, String kind) {
        NodeList groups = drawing.getElementsByTagName("g");
        int count = 0;
        for (int i = 0; i < groups.getLength(); i++) {
            count += groups.item(i)
                            .getAttributes()
                            .getNamedItem("class")
                            .getNodeValue()
                            .equals(kind)
                    ? 1
                    : 0;
        }
        return count;
    }

    @Test
    void textsFromFilesAreNoHtml() throws Exception {
        Node node = new Node(
                EVIL,
                List.of(new NamedArgument(EVIL, new Argument.Tensor("w"), NamedArgument.POSITIONAL)),
                List.of(new Argument.Tensor(EVIL)),
                Map.of("nn_module_stack", "L," + EVIL + ",T"),
                null,
                EVIL);
        Graph graph = new Graph(
                List.of(new Argument.Tensor("w"), new Argument.Tensor(EVIL + "x")),
                List.of(new Argument.Tensor(EVIL)),
                List.of(node),
                null,
                null,
                null,
                false,
                null,
                null);
        String page = new Page(EVIL)
                .addRewritten(
                        EVIL,
                        graph,
                        Map.of("w", new Weight(EVIL, EVIL, 3)),
                        Set.of(),
                        new Explanation(List.of(new Explanation.Change(1, EVIL)), 1, 1))
                .toString();
        assertFalse(page.contains("<script"), page);
        assertFalse(page.contains("\u0000"));
        assertTrue(page.contains("&lt;script&gt;"));
        assertEquals(1, count(drawing(page), "added"));
    }

    @Test
    void aPageLoadsNothing(@TempDir Path folder) throws Exception {
        ExportedProgram program = Graphs.load("bert");
        program.writeHtml(folder.resolve("graph.html"));
        String page = Files.readString(folder.resolve("graph.html"));
        assertTrue(page.contains("default-src 'none'"));
        assertFalse(page.matches("(?s).*(https?:|<script|<link|<img|@import|src=).*"));
        Document drawing = drawing(page);
        int nodes = count(drawing, "operator") + count(drawing, "view");
        assertEquals(program.graph().nodes().size(), nodes);
        assertTrue(page.contains("<td>model.embeddings.LayerNorm.weight</td>"), "the names in the model");
        assertTrue(page.contains("in model.encoder.layer.1.output.dense"), "modules");
    }

    @Test
    void whatPassesMadeIsMarked(@TempDir Path folder) throws Exception {
        Sequential model = new Sequential(new Conv2d(3, 8, 3), new BatchNorm2d(8));
        model.eval();
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.randn(1, 3, 8, 8));
        compiled.call(Torch.randn(2, 3, 8, 8));
        compiled.writeHtml(folder.resolve("graph.html"));
        String page = Files.readString(folder.resolve("graph.html"));
        Document drawing = drawing(page);
        assertEquals(1, count(drawing, "fused"));
        assertEquals(2, count(drawing, "added"), "the orders of the image and of the output");
        assertTrue(
                page.contains("<td class=\"n\">1</td><td>folded normalization into convolution and linear</td>"), page);
        assertTrue(page.contains("<h2>For (torch.float32[2, 3, 8, 8])</h2>"), "each signature");
    }

    @Test
    void branchesAreDrawn(@TempDir Path folder) throws Exception {
        Graphs.load("cond").writeHtml(folder.resolve("graph.html"));
        String page = Files.readString(folder.resolve("graph.html"));
        assertTrue(page.contains("<h2>true_graph_0, a graph of the node cond</h2>"), page);
    }

    @Test
    void aLongTextKeepsItsEnds() {
        assertEquals("ab…ijklmn", Html.clipped("abcdefghijklmn", 9));
        assertEquals("short", Html.clipped("short", 9));
    }
}
