using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

/// <summary>
/// Resolves a stack of documents, the lowest first. Evaluation is lazy: a substitution looks forward to the final
/// value of its path, and only where that leads back to the field being evaluated does it look at the layers below.
/// Each substitution is evaluated once, whichever way it is reached.
/// </summary>
internal sealed partial class Resolver
{
    private readonly HoconOptions _options;
    private readonly Cell _root;
    private readonly Dictionary<Node, Shape> _evaluated = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Node> _active = new(ReferenceEqualityComparer.Instance);
    private readonly List<HoconError> _errors = [];
    private long _work;

    public Resolver(IEnumerable<Node> roots, HoconOptions options)
    {
        _options = options;
        _root = new Cell([.. roots.Select(r => new Layer(r.Origin, r))]);
    }

    public HoconValue Run()
    {
        HoconValue? value = Finish(_root, depth: 0);
        return _errors.Count == 0 ? value! : throw new HoconException(_errors);
    }

    /// <summary>Evaluates a cell from its top layer, or from below the lowest layer that is being evaluated.</summary>
    private Shape Evaluate(Cell cell)
    {
        if (cell.Known(cell.Layers.Count) is { } known)
        {
            return known;
        }

        Spend(cell.Layers.Count, cell.Layers[0].Node.Origin);
        int count = 0;
        while (count < cell.Layers.Count && !_active.Contains(cell.Layers[count].Node))
        {
            count++;
        }

        if (count < cell.Layers.Count)
        {
            _lookBacks++;
        }

        return Evaluate(cell, count);
    }

    /// <summary>Evaluates the lowest layers of a cell.</summary>
    private Shape Evaluate(Cell cell, int count)
    {
        if (cell.Known(count) is { } known)
        {
            return known;
        }

        Shape shape = EvaluateStack(cell, count);
        cell.Remember(count, shape);
        return shape;
    }

    private Shape EvaluateStack(Cell cell, int count)
    {
        List<object>? objects = null;
        Layer top = default;
        for (int i = count - 1; i >= 0; i--)
        {
            Layer layer = cell.Layers[i];
            object part = layer.Node switch
            {
                ObjectNode literal => literal,
                AppendNode => EvaluateAppends(cell, ref i),
                _ => EvaluateLayer(layer.Node),
            };
            if (part == Shape.Undefined)
            {
                continue;
            }

            if (part is not (ObjectNode or ObjectShape))
            {
                if (objects is not null && part != Shape.Broken)
                {
                    break;
                }

                SetKeyOrigin(cell, count, layer);
                return (Shape)part;
            }

            if (objects is null)
            {
                objects = [];
                top = layer;
            }

            objects.Add(part);
        }

        if (objects is null)
        {
            return Shape.Undefined;
        }

        SetKeyOrigin(cell, count, top);
        return MergeDownward(objects, top.Node is LinkNode link ? OriginOf(Evaluate(link.Target)) : top.Node.Origin);
    }

    private static void SetKeyOrigin(Cell cell, int count, Layer layer)
    {
        if (count == cell.Layers.Count)
        {
            cell.KeyOrigin = layer.Node is LinkNode link ? link.Target.KeyOrigin : layer.KeyOrigin;
        }
    }

    private static HoconOrigin OriginOf(Shape shape) => shape is CompositeShape composite ? composite.Origin : default;

    private Shape EvaluateLayer(Node node)
    {
        switch (node)
        {
            case ScalarNode scalar:
                return new ScalarShape(scalar.Value);
            case LinkNode link:
                return Evaluate(link.Target);
        }

        if (_evaluated.TryGetValue(node, out Shape? known))
        {
            return known;
        }

        _active.Add(node);
        try
        {
            Shape shape = node switch
            {
                ReferenceNode reference => EvaluateReference(reference),
                ConcatNode concat => EvaluateConcatenation(concat),
                ArrayNode array => ArrayOf(array),
                _ => throw new InvalidOperationException($"a {node.GetType().Name} is no layer"),
            };
            _evaluated[node] = shape;
            return shape;
        }
        finally
        {
            _active.Remove(node);
        }
    }

    private ArrayShape ArrayOf(ArrayNode array)
    {
        Spend(array.Elements.Count, array.Origin);
        return new ArrayShape(array.Origin, [.. array.Elements.Select(CellOf)]);
    }

    private static Cell CellOf(Node node) => new([new Layer(node.Origin, node)]);

    private void Spend(long amount, HoconOrigin origin)
    {
        _work += amount;
        if (_work > _options.MaxResolvedSize)
        {
            throw TooLarge(origin);
        }
    }

    private HoconException TooLarge(HoconOrigin origin)
    {
        _errors.Add(new HoconError(
            origin,
            "substitutions that multiply beyond the limit",
            $"a resolved document of at most {_options.MaxResolvedSize} nodes and characters",
            "break the doubling, or raise the limit"));
        return new HoconException(_errors);
    }

    private void Report(HoconError error)
    {
        _errors.Add(error);
        if (_errors.Count >= _options.MaxErrors)
        {
            throw new HoconException(_errors);
        }
    }
}
