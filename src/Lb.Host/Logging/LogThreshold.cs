using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Logging;

/// <summary>
/// Below what nothing is logged: one level for all, and others for single categories. May be changed at any time and
/// from any thread.
/// </summary>
internal sealed class LogThreshold(LogLevel level)
{
    private volatile Levels _levels = new(level, ImmutableSortedDictionary.Create<string, LogLevel>(StringComparer.Ordinal));

    /// <summary>The level of what has no level of its own.</summary>
    public LogLevel Level
    {
        get => _levels.All;
        set => Change(levels => levels with { All = value });
    }

    /// <summary>Levels of categories and what is below them: <c>Lb.Actors</c> is that of <c>Lb.Actors.SiteActor</c> too.</summary>
    public ImmutableSortedDictionary<string, LogLevel> Categories => _levels.Categories;

    /// <summary>Gives a category a level of its own; null takes it away.</summary>
    public void Set(string category, LogLevel? own) => Change(levels => levels with
    {
        Categories = own is { } wanted
            ? levels.Categories.SetItem(category, wanted)
            : levels.Categories.Remove(category),
    });

    /// <summary>One level for all again.</summary>
    public void Reset(LogLevel all) => Change(levels => levels with { All = all, Categories = levels.Categories.Clear() });

    /// <summary>Whether it is logged.</summary>
    public bool Allows(string? category, LogLevel at)
    {
        Levels levels = _levels;
        return at >= (Own(levels, category) ?? Floor(category, levels.All));
    }

    private static LogLevel? Own(Levels levels, string? category)
    {
        // The longest name that the category begins with counts.
        while (category is { Length: > 0 } && !levels.Categories.IsEmpty)
        {
            if (levels.Categories.TryGetValue(category, out LogLevel own))
            {
                return own;
            }

            category = category[..Math.Max(0, category.LastIndexOf('.'))];
        }

        return null;
    }

    /// <summary>What the web server says of each connection and request is for those who ask for everything.</summary>
    private static LogLevel Floor(string? category, LogLevel level)
    {
        bool ours = category is null || category.StartsWith("Lb.", StringComparison.Ordinal);
        return ours || level == LogLevel.Trace || level > LogLevel.Warning ? level : LogLevel.Warning;
    }

    private void Change(Func<Levels, Levels> change)
    {
        Levels seen;
        do
        {
            seen = _levels;
        }
        while (Interlocked.CompareExchange(ref _levels, change(seen), seen) != seen);
    }

    private sealed record Levels(LogLevel All, ImmutableSortedDictionary<string, LogLevel> Categories);
}
