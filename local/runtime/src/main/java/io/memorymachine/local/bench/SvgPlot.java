package io.memorymachine.local.bench;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Draws a plot as SVG. Written by hand because the charting libraries draw text through AWT, whose fonts a server's JDK
 * has not.
 */
final class SvgPlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 220;
    private static final int TOP = 40;
    private static final int BOTTOM = 56;
    private static final List<String> COLOURS =
            List.of("#1b6ac9", "#d1495b", "#2f8f5b", "#8f5fbf", "#e08e0b", "#4a4a4a", "#0f9fb0");

    private final BenchReport.Plot plot;
    private final double xFrom;
    private final double xTo;
    private final double yFrom;
    private final double yTo;

    private SvgPlot(BenchReport.Plot plot) {
        this.plot = plot;
        xFrom = all(BenchReport.Curve::x).min().orElse(1);
        xTo = Math.max(xFrom * 2, all(BenchReport.Curve::x).max().orElse(2));
        yFrom = decade(Math.floor(
                Math.log10(Math.max(1e-3, all(BenchReport.Curve::y).min().orElse(1)))));
        yTo = Math.max(
                yFrom * 10,
                decade(Math.ceil(Math.log10(
                        Math.max(1e-3, all(BenchReport.Curve::y).max().orElse(10))))));
    }

    /** The plot as the text of an SVG file. */
    static String draw(BenchReport.Plot plot) {
        try {
            return new SvgPlot(plot).draw();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a plot cannot be written", e);
        }
    }

    private String draw() throws XMLStreamException {
        StringWriter text = new StringWriter();
        XMLStreamWriter out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
        out.writeStartElement("svg");
        attributes(
                out,
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "width",
                WIDTH,
                "height",
                HEIGHT,
                "font-family",
                "sans-serif",
                "font-size",
                12);
        rectangle(out, 0, 0, WIDTH, HEIGHT, "#ffffff");
        text(out, LEFT, 22, "start", plot.title(), 15);
        grid(out);
        for (int i = 0; i < plot.curves().size(); i++) {
            curve(out, plot.curves().get(i), COLOURS.get(i % COLOURS.size()), TOP + 8 + 20 * i);
        }
        out.writeEndElement();
        out.close();
        return text.append('\n').toString();
    }

    private void grid(XMLStreamWriter out) throws XMLStreamException {
        for (double y = yFrom; y <= yTo * 1.001; y *= 10) {
            line(out, LEFT, y(y), WIDTH - RIGHT, y(y), "#dddddd");
            text(out, LEFT - 8, y(y) + 4, "end", number(y), 12);
        }
        double[] ticks = all(BenchReport.Curve::x).distinct().sorted().toArray();
        for (double x : ticks) {
            line(out, x(x), TOP, x(x), HEIGHT - BOTTOM, "#eeeeee");
            text(out, x(x), HEIGHT - BOTTOM + 18, "middle", number(x), 12);
        }
        text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", plot.xLabel(), 12);
        text(out, LEFT - 8, TOP - 8, "end", plot.yLabel(), 12);
    }

    private void curve(XMLStreamWriter out, BenchReport.Curve curve, String colour, int legend)
            throws XMLStreamException {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < curve.x().size(); i++) {
            double x = x(curve.x().get(i));
            double y = y(curve.y().get(i));
            points.append(points.isEmpty() ? "" : " ")
                    .append(coordinate(x))
                    .append(',')
                    .append(coordinate(y));
            out.writeEmptyElement("circle");
            attributes(out, "cx", coordinate(x), "cy", coordinate(y), "r", 3, "fill", colour);
        }
        out.writeEmptyElement("polyline");
        attributes(out, "points", points, "fill", "none", "stroke", colour, "stroke-width", 2);
        rectangle(out, WIDTH - RIGHT + 16, legend - 9, 12, 12, colour);
        text(out, WIDTH - RIGHT + 34, legend + 1, "start", curve.name(), 12);
    }

    private double x(double value) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(value / xFrom) / Math.log(xTo / xFrom);
    }

    private double y(double value) {
        double shown = Math.max(value, yFrom);
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.log(shown / yFrom) / Math.log(yTo / yFrom);
    }

    private DoubleStream all(java.util.function.Function<BenchReport.Curve, List<Double>> axis) {
        ToDoubleFunction<Double> unboxed = Double::doubleValue;
        return plot.curves().stream()
                .flatMap(curve -> axis.apply(curve).stream())
                .mapToDouble(unboxed);
    }

    private static double decade(double exponent) {
        return Math.pow(10, exponent);
    }

    private static void line(XMLStreamWriter out, double x1, double y1, double x2, double y2, String colour)
            throws XMLStreamException {
        out.writeEmptyElement("line");
        attributes(
                out,
                "x1",
                coordinate(x1),
                "y1",
                coordinate(y1),
                "x2",
                coordinate(x2),
                "y2",
                coordinate(y2),
                "stroke",
                colour);
    }

    private static void rectangle(XMLStreamWriter out, double x, double y, double width, double height, String colour)
            throws XMLStreamException {
        out.writeEmptyElement("rect");
        attributes(
                out,
                "x",
                coordinate(x),
                "y",
                coordinate(y),
                "width",
                coordinate(width),
                "height",
                coordinate(height),
                "fill",
                colour);
    }

    private static void text(XMLStreamWriter out, double x, double y, String anchor, String text, int size)
            throws XMLStreamException {
        out.writeStartElement("text");
        attributes(out, "x", coordinate(x), "y", coordinate(y), "text-anchor", anchor, "font-size", size);
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private static void attributes(XMLStreamWriter out, Object... namesAndValues) throws XMLStreamException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.writeAttribute(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
