using System.Collections.Immutable;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>Objects above one another: a key is taken from the first that has it, objects merge.</summary>
/// <param name="Origin">Where the object that they make up was opened.</param>
/// <param name="Objects">From the one that wins to the one that is asked last.</param>
/// <param name="Refused">Something else stands where an object should: what it lacks is not worth a word.</param>
internal readonly record struct Layers(
    HoconOrigin Origin, ImmutableArray<HoconObject> Objects, bool Refused = false)
{
    /// <summary>Fields of the key, the winning one first; empty when no layer has it.</summary>
    public ImmutableArray<HoconField> Find(string key)
    {
        ImmutableArray<HoconField>.Builder found = ImmutableArray.CreateBuilder<HoconField>();
        foreach (HoconObject layer in Objects)
        {
            if (layer.TryGetField(key, out HoconField field))
            {
                found.Add(field);
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Every field that no layer above hides.</summary>
    public IEnumerable<HoconField> Fields() => Objects.SelectMany(o => o.Fields).DistinctBy(f => f.Key);
}
