using System.Runtime.CompilerServices;
using Lb.Hocon.Tree;

namespace Lb.Hocon.Resolution;

internal sealed partial class Resolver
{
    private readonly List<ReferenceNode> _chain = [];

    /// <summary>How often a lookup has met a field under evaluation; tells a cycle from a missing key.</summary>
    private long _lookBacks;

    private Shape EvaluateReference(ReferenceNode reference)
    {
        if (_chain.Count >= _options.MaxSubstitutionDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Report(new HoconError(
                reference.Origin,
                $"the substitution {reference} at the end of a chain",
                $"at most {_options.MaxSubstitutionDepth} substitutions that lead to one another",
                "shorten the chain; for long lists, append with +="));
            return Shape.Broken;
        }

        long before = _lookBacks;
        _chain.Add(reference);
        Shape found = LookUpEverywhere(reference);
        if (found == Shape.Undefined && !reference.Optional)
        {
            Report(_lookBacks == before ? Missing(reference) : Cyclic(reference));
            found = Shape.Broken;
        }

        _chain.RemoveAt(_chain.Count - 1);
        return found;
    }

    /// <summary>
    /// Looks a path up relative to the included source it stands in, then to the sources that include that one, then
    /// in the environment.
    /// </summary>
    private Shape LookUpEverywhere(ReferenceNode reference)
    {
        for (IncludeScope? scope = reference.Scope; scope is not null; scope = scope.Parent)
        {
            Shape relative = scope.Prefix.Length == 0
                ? Shape.Undefined
                : LookUp([.. scope.Prefix, .. reference.Path], reference);
            if (relative != Shape.Undefined)
            {
                return relative;
            }
        }

        Shape absolute = LookUp(reference.Path, reference);
        if (absolute != Shape.Undefined)
        {
            return absolute;
        }

        string name = string.Join('.', reference.Path);
        return name.Length > 0 && !name.Contains('\0') && _options.Environment(name) is { } value
            ? new ScalarShape(new HoconString(value, new HoconOrigin($"environment variable {name} used at {reference.Origin}", 0, 0)))
            : Shape.Undefined;
    }

    private Shape LookUp(string[] path, ReferenceNode reference)
    {
        Spend(path.Length, reference.Origin);
        Shape here = Evaluate(_root);
        foreach (string key in path)
        {
            if (here == Shape.Broken)
            {
                return here;
            }

            if (here is not ObjectShape o || !o.Fields.TryGetValue(key, out Cell? cell))
            {
                return Shape.Undefined;
            }

            here = Evaluate(cell);
        }

        return here;
    }

    private static HoconError Missing(ReferenceNode reference) => new(
        reference.Origin,
        $"the substitution {reference} of a path that nothing sets",
        "a path set in the documents or an environment variable",
        $"set {HoconPath.Render(reference.Path)}, or write ${{?{HoconPath.Render(reference.Path)}}} if it may be missing");

    private HoconError Cyclic(ReferenceNode reference) => new(
        reference.Origin,
        $"the cycle {string.Join(" -> ", _chain.TakeLast(10))}",
        "a value that does not need itself, or an earlier value of the same key",
        "remove one substitution of the cycle");
}
