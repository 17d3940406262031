using System.Runtime.CompilerServices;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

internal sealed partial class Resolver
{
    /// <summary>Evaluates a cell with all its parts; null if it vanishes or is broken.</summary>
    private HoconValue? Finish(Cell cell, int depth)
    {
        Shape shape = Evaluate(cell);
        Spend(1, cell.Layers[^1].Node.Origin);
        if (shape is CompositeShape { Finishing: true })
        {
            Node top = cell.Layers[^1].Node;
            if (top is not ReferenceNode { Optional: true })
            {
                Report(new HoconError(
                    top.Origin, "a value that contains itself", "a value that ends", "refer to a part of it, or remove the substitution"));
                return null;
            }

            // A cycle makes an optional substitution undefined, so what it would have replaced stays.
            shape = Evaluate(cell, cell.Layers.Count - 1);
        }

        return shape switch
        {
            ScalarShape scalar => scalar.Value,
            CompositeShape { Finishing: false } composite => Finish(composite, depth + 1),
            _ => null,
        };
    }

    private HoconValue Finish(CompositeShape shape, int depth)
    {
        int height = shape.Finished?.Height ?? 1;
        if (depth + height - 1 > _options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _errors.Add(new HoconError(
                shape.Origin, "substitutions that nest deeper than the limit", $"at most {_options.MaxDepth} levels", "flatten the document"));
            throw new HoconException(_errors);
        }

        if (shape.Finished is { } finished)
        {
            return finished;
        }

        shape.Finishing = true;
        HoconValue value = shape is ArrayShape array
            ? new HoconArray(FinishElements(array, depth), array.Origin)
            : new HoconObject(FinishFields((ObjectShape)shape, depth), shape.Origin);
        shape.Finishing = false;
        shape.Finished = value;
        return value.Size <= _options.MaxResolvedSize ? value : throw TooLarge(shape.Origin);
    }

    private IEnumerable<HoconValue> FinishElements(ArrayShape array, int depth)
    {
        foreach (Cell cell in array.Elements)
        {
            if (Finish(cell, depth) is { } element)
            {
                yield return element;
            }
        }
    }

    private IEnumerable<HoconField> FinishFields(ObjectShape shape, int depth)
    {
        foreach ((string key, Cell cell) in shape.Fields)
        {
            if (Finish(cell, depth) is { } value)
            {
                yield return new HoconField(key, cell.KeyOrigin, value);
            }
        }
    }
}
