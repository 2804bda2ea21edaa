package io.memorymachine.local.bench;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import io.memorymachine.local.bench.BenchReport.Curve;
import io.memorymachine.local.bench.BenchReport.Plot;

import static org.assertj.core.api.Assertions.assertThat;

class SvgPlotTest {
    @Test
    void aPlotIsWellFormedAndItsAxesAreLogarithmic() throws Exception {
        Plot plot = new Plot(
                "frozen",
                "Frozen < time",
                "MiB",
                "ms",
                List.of(new Curve("ours", List.of(256.0, 512.0, 1024.0), List.of(10.0, 100.0, 1000.0))));

        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(SvgPlot.draw(plot))));

        Element line = (Element) svg.getElementsByTagName("polyline").item(0);
        List<double[]> points = List.of(line.getAttribute("points").split(" ")).stream()
                .map(point ->
                        new double[] {Double.parseDouble(point.split(",")[0]), Double.parseDouble(point.split(",")[1])})
                .toList();
        assertThat(points).hasSize(3);
        assertThat(points.get(1)[0] - points.get(0)[0]).isCloseTo(points.get(2)[0] - points.get(1)[0], within());
        assertThat(points.get(0)[1] - points.get(1)[1]).isCloseTo(points.get(1)[1] - points.get(2)[1], within());
        assertThat(svg.getDocumentElement().getTextContent()).contains("Frozen < time", "ours", "256", "1,024");
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(0.2);
    }
}
