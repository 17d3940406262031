using System.Collections.Immutable;
using Lb.Actors;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>A site file that was found right.</summary>
/// <param name="Site">What the actors are given.</param>
/// <param name="Node">What concerns the process and its kernel state.</param>
/// <param name="Root">The resolved document, defaults included.</param>
internal sealed record LoadedConfig(SiteConfig Site, NodeOptions Node, HoconObject Root)
{
    /// <summary>What a check says of it.</summary>
    public string Verdict(string file) =>
        $"{file}: site {Site.Name} with {Site.Services.Count} service{(Site.Services.Count == 1 ? "" : "s")} is right.";
}

/// <summary>The outcome of reading a site file.</summary>
/// <param name="Config">Null when there is an error among the issues.</param>
/// <param name="Issues">All that is wrong, in the order of the file.</param>
internal sealed record LoadResult(LoadedConfig? Config, ImmutableArray<ConfigIssue> Issues);
