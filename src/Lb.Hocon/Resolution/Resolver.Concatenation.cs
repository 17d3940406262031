using System.Text;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

internal sealed partial class Resolver
{
    private Shape EvaluateConcatenation(ConcatNode concat)
    {
        var parts = new List<(Node Piece, object Part)>(concat.Pieces.Count);
        bool structured = false;
        foreach (Node piece in concat.Pieces)
        {
            object part = piece switch
            {
                BlankNode or ObjectNode => piece,
                ReferenceNode reference => EvaluatePiece(reference),
                _ => EvaluateLayer(piece),
            };
            if (part == Shape.Broken)
            {
                return Shape.Broken;
            }

            structured |= part is ObjectNode or CompositeShape;
            if (part != Shape.Undefined)
            {
                parts.Add((piece, part));
            }
        }

        if (parts.TrueForAll(p => p.Piece is BlankNode))
        {
            return Shape.Undefined;
        }

        if (!structured)
        {
            return Join(concat, parts);
        }

        parts.RemoveAll(p => p.Piece is BlankNode);
        return parts.Exists(p => p.Part is ArrayShape) ? Append(parts) : Merge(parts);
    }

    private Shape EvaluatePiece(ReferenceNode reference)
    {
        if (!_evaluated.TryGetValue(reference, out Shape? shape))
        {
            shape = EvaluateReference(reference);
            _evaluated[reference] = shape;
        }

        return shape;
    }

    private ScalarShape Join(ConcatNode concat, List<(Node Piece, object Part)> parts)
    {
        var text = new StringBuilder();
        foreach ((Node piece, object part) in parts)
        {
            string next = part is BlankNode blank ? blank.Text : ScalarText.Of(((ScalarShape)part).Value);
            Spend(next.Length, piece.Origin);
            text.Append(next);
        }

        return new ScalarShape(new HoconString(text.ToString(), concat.Origin));
    }

    private Shape Merge(List<(Node Piece, object Part)> parts)
    {
        if (parts.Find(p => p.Part is ScalarShape) is { Piece: { } piece, Part: ScalarShape scalar })
        {
            return Mixed(piece, scalar.Value.Describe(), "an object, as the values beside it are");
        }

        parts.Reverse();
        return MergeDownward([.. parts.Select(p => p.Part)], parts[^1].Piece.Origin);
    }

    /// <summary>Merges objects given from the highest to the lowest.</summary>
    private ObjectShape MergeDownward(List<object> objects, HoconOrigin origin)
    {
        if (objects is [ObjectShape alone])
        {
            return alone;
        }

        var merger = new ObjectMerger();
        for (int i = objects.Count - 1; i >= 0; i--)
        {
            if (objects[i] is ObjectNode literal)
            {
                merger.Add(literal);
            }
            else
            {
                merger.Add((ObjectShape)objects[i]);
            }
        }

        // A literal alone is no bigger than its text; only merges multiply.
        Spend(objects.Count == 1 ? 1 : merger.Work, origin);
        return merger.Finish(origin);
    }

    private Shape Append(List<(Node Piece, object Part)> parts)
    {
        var elements = new List<Cell>();
        foreach ((Node piece, object part) in parts)
        {
            Shape shape = part is ObjectNode literal ? MergeDownward([literal], literal.Origin) : (Shape)part;
            if (AsArray(shape) is not { } array)
            {
                string found = shape is ScalarShape scalar ? scalar.Value.Describe() : "an object";
                return Mixed(piece, found, "an array, as a value beside it is");
            }

            Spend(array.Elements.Count, piece.Origin);
            elements.AddRange(array.Elements);
        }

        return new ArrayShape(parts[0].Piece.Origin, elements);
    }

    private static ArrayShape? AsArray(Shape shape) => shape as ArrayShape ?? (shape as ObjectShape)?.ToArray();

    /// <summary>
    /// Evaluates a run of <c>+=</c> layers at once, so that a long one costs neither stack nor copies.
    /// <paramref name="i"/> moves to the lowest layer that the result covers.
    /// </summary>
    private Shape EvaluateAppends(Cell cell, ref int i)
    {
        int first = i;
        while (first > 0 && cell.Layers[first - 1].Node is AppendNode)
        {
            first--;
        }

        Node lowest = cell.Layers[first].Node;
        Shape below = Evaluate(cell, first);
        if (below == Shape.Broken)
        {
            return below;
        }

        var elements = new List<Cell>();
        if (below != Shape.Undefined)
        {
            if (AsArray(below) is not { } array)
            {
                string found = below is ScalarShape scalar ? scalar.Value.Describe() : "an object";
                return Mixed(lowest, $"+= on {found}", "an array to append to");
            }

            elements.AddRange(array.Elements);
        }

        Spend(elements.Count + i - first + 1, lowest.Origin);
        for (int layer = first; layer <= i; layer++)
        {
            elements.Add(CellOf(((AppendNode)cell.Layers[layer].Node).Element));
        }

        HoconOrigin origin = cell.Layers[i].Node.Origin;
        i = first;
        return new ArrayShape(origin, elements);
    }

    private Shape Mixed(Node at, string found, string expected)
    {
        Report(new HoconError(at.Origin, found, expected, "do not mix text, objects and arrays in one value"));
        return Shape.Broken;
    }
}
