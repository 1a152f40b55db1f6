package org.jtorch.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A published POM is whole by itself: whatever reads it needs no parent, no property, no profile and no artifact that is not there. */
class PublishedPomsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What the BOM lists, and the BOM. */
    private static Set<String> published() throws Exception {
        Set<String> names = new TreeSet<>(dependencies(parse(ROOT.resolve("bom/target/.flattened-pom.xml"))));
        names.add("jtorch-bom");
        return names;
    }

    private static List<Path> poms() throws Exception {
        Set<String> published = published();
        try (Stream<Path> files = Files.walk(ROOT, 4)) {
            List<Path> poms = files.filter(file -> file.endsWith("target/.flattened-pom.xml"))
                    .filter(file -> published.contains(text(parse(file).getDocumentElement(), "artifactId")))
                    .toList();
            assertEquals(published.size(), poms.size(), "one POM for each of " + published + ", found " + poms);
            return poms;
        }
    }

    @TestFactory
    Stream<DynamicTest> isWhole() throws Exception {
        Set<String> published = published();
        return poms().stream()
                .map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> check(file, published)));
    }

    private static void check(Path file, Set<String> published) throws Exception {
        String xml = Files.readString(file);
        assertFalse(xml.contains("${"), "an unresolved property:\n" + xml);
        Element project = parse(file).getDocumentElement();
        for (String unwanted : List.of("parent", "profiles", "repositories", "build", "properties")) {
            assertTrue(child(project, unwanted) == null, unwanted + " in " + file);
        }
        for (String wanted :
                List.of("groupId", "artifactId", "version", "name", "description", "url", "inceptionYear")) {
            assertFalse(text(project, wanted).isBlank(), wanted + " is missing in " + file);
        }
        for (String wanted : List.of("licenses", "developers", "scm", "issueManagement")) {
            assertTrue(child(project, wanted) != null, wanted + " is missing in " + file);
        }
        assertEquals("https://github.com/jtorch/jtorch", text(project, "url"));
        for (String dependency : dependencies(parse(file))) {
            assertTrue(
                    !dependency.startsWith("jtorch-") || published.contains(dependency),
                    file + " depends on " + dependency + ", which is not published");
        }
    }

    @Test
    void tensorsBringNoNatives() throws Exception {
        String xml = Files.readString(ROOT.resolve("tensor/target/.flattened-pom.xml"));
        assertFalse(xml.contains("classifier"), xml);
    }

    private static List<String> dependencies(Document pom) {
        NodeList found = pom.getElementsByTagName("dependency");
        return Stream.iterate(0, i -> i + 1)
                .limit(found.getLength())
                .map(i -> text((Element) found.item(i), "artifactId"))
                .toList();
    }

    private static String text(Element parent, String name) {
        Element child = child(parent, name);
        return child == null ? "" : child.getTextContent();
    }

    private static Element child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    private static Document parse(Path file) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } catch (Exception e) {
            throw new IllegalStateException(file + ": " + e, e);
        }
    }
}
