using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>A key that a section knows.</summary>
/// <param name="Name">Its name within the section.</param>
internal abstract record Key(string Name);

/// <summary>A key with a value.</summary>
/// <param name="Name">Its name within the section.</param>
/// <param name="Required">The section is wrong without it.</param>
/// <param name="Restart">Read at the start only: a reload reports a change and keeps the old value.</param>
internal abstract record ValueKey(string Name, bool Required, bool Restart) : Key(Name)
{
    public abstract Kind Kind { get; }

    /// <summary>Reads the key's value into a section.</summary>
    public abstract void Read(HoconValue value, string path, SectionValues into, IssueList issues);
}

/// <summary>A key with a value of one kind.</summary>
internal sealed record ValueKey<T>(string Name, Kind<T> Of, bool Required = true, bool Restart = false)
    : ValueKey(Name, Required, Restart)
{
    public override Kind Kind => Of;

    public override void Read(HoconValue value, string path, SectionValues into, IssueList issues)
    {
        if (Of.Read(value, path, issues) is { } read)
        {
            into.Set(this, read);
        }
    }
}

/// <summary>A key that holds a section.</summary>
internal sealed record SectionKey(string Name, Section Section) : Key(Name);

/// <summary>A key that holds named elements, each a section of its own.</summary>
/// <param name="Name">Its name within the section.</param>
/// <param name="Element">What each element may hold.</param>
/// <param name="DefaultsKey">Sibling section that elements inherit from; null for none.</param>
/// <param name="Restart">Read at the start only: a reload reports a change and keeps the old elements.</param>
internal sealed record ElementsKey(
    string Name, Section Element, SectionKey? DefaultsKey = null, bool Restart = false) : Key(Name);
