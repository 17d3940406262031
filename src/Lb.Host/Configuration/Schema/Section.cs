using System.Collections.Immutable;

namespace Lb.Host.Configuration;

/// <summary>The keys that an object of the configuration may have.</summary>
internal sealed record Section(ImmutableArray<Key> Keys)
{
    public static Section Of(params ImmutableArray<Key> keys) => new(keys);

    public Key? Find(string name) => Keys.FirstOrDefault(k => k.Name == name);
}
