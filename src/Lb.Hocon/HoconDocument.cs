using Lb.Hocon.Resolution;
using Lb.Hocon.Tree;

namespace Lb.Hocon;

/// <summary>A parsed document whose substitutions are still open, so that other documents can be put below it.</summary>
public sealed class HoconDocument
{
    private readonly Node[] _roots;
    private readonly HoconOptions _options;

    internal HoconDocument(Node[] roots, HoconOptions options)
    {
        _roots = roots;
        _options = options;
    }

    /// <summary>
    /// Puts another document below this one, as if its text stood before this one's. Substitutions of both see the
    /// merged result.
    /// </summary>
    public HoconDocument WithFallback(HoconDocument fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        return new HoconDocument([.. fallback._roots, .. _roots], _options);
    }

    /// <summary>Resolves every substitution.</summary>
    /// <exception cref="HoconException">A substitution is undefined or cyclic, or the root is an array.</exception>
    public HoconObject Resolve() => ResolveValue() switch
    {
        HoconObject root => root,
        HoconValue other => throw new HoconException(new HoconError(
            other.Origin, other.Describe(), "an object at the root", "write settings as key = value")),
    };

    /// <summary>As <see cref="Resolve"/>, for documents that may have an array at the root.</summary>
    /// <exception cref="HoconException">A substitution is undefined or cyclic.</exception>
    public HoconValue ResolveValue() => new Resolver(_roots, _options).Run();
}
