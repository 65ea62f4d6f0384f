package io.jvswitch.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BarChartTest {

    private static List<Element> elements(BarChart chart, String tag) throws Exception {
        byte[] bytes = chart.toSvg().getBytes(StandardCharsets.UTF_8);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
        NodeList nodes = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static double width(Element rectangle) {
        return Double.parseDouble(rectangle.getAttribute("width"));
    }

    @Test
    void barsAreAsLongAsTheirValues() throws Exception {
        BarChart chart = new BarChart("Look-up", "ns")
                .bar("8,000 flows", "ours", 50)
                .bar("8,000 flows", "theirs", 100, 90, 125)
                .bar("1,000,000 flows", "ours", 25)
                .mark(110, "target");
        List<Element> rectangles = elements(chart, "rect");
        // Background, two of the legend, three bars.
        assertEquals(6, rectangles.size());
        double whole = width(rectangles.get(4));
        assertEquals(whole / 2, width(rectangles.get(3)), 0.1);
        assertEquals(whole / 4, width(rectangles.get(5)), 0.1);
        assertEquals(rectangles.get(3).getAttribute("fill"), rectangles.get(5).getAttribute("fill"));
        assertEquals(2, elements(chart, "path").size(), "one whisker, one mark");
    }

    @Test
    void textIsEscapedAndAnEmptyChartIsWellFormed() throws Exception {
        assertEquals(1, elements(new BarChart("nothing", "ns"), "text").size());
        List<Element> texts = elements(new BarChart("a < b & \"c\"", "ns").bar("<x>", "s", 0), "text");
        assertEquals("a < b & \"c\" (ns)", texts.get(0).getTextContent());
        assertTrue(texts.stream().anyMatch(text -> text.getTextContent().equals("<x>")));
    }

    @Test
    void aBarWithoutAValueIsRefused() {
        BarChart chart = new BarChart("t", "ns");
        assertThrows(IllegalArgumentException.class, () -> chart.bar("g", "s", Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> chart.bar("g", "s", -1));
    }
}
