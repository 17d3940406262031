using System.Collections.Immutable;
using Lb.Actors;
using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>What a reload does.</summary>
/// <param name="Config">What is to run; null when there is an error and all stays as it is.</param>
/// <param name="Restart">Keys whose change waits for a restart.</param>
/// <param name="Issues">What is wrong with the file.</param>
internal sealed record ReloadPlan(
    LoadedConfig? Config, ImmutableArray<string> Restart, ImmutableArray<ConfigIssue> Issues)
{
    /// <summary>Holds a file that was read anew against what the process was started with.</summary>
    public static ReloadPlan Of(LoadedConfig started, LoadResult read, string source)
    {
        if (read.Config is not { } wanted)
        {
            return new(null, [], read.Issues);
        }

        ImmutableArray<ConfigIssue> issues = [.. read.Issues, .. Limits(started.Node.Kernel, wanted.Site, source)];
        LoadedConfig? config = issues.Any(i => i.Severity == Severity.Error) ? null : Keep(started, wanted);
        return new(config, [.. RestartKeys.Differing(started.Root, wanted.Root)], issues);
    }

    /// <summary>The wanted configuration with what needs a restart as it was.</summary>
    private static LoadedConfig Keep(LoadedConfig started, LoadedConfig wanted)
    {
        SiteConfig site = wanted.Site with
        {
            Name = started.Site.Name,
            Services = wanted.Site.Services.ToImmutableSortedDictionary(
                s => s.Key, s => s.Value with { Seed = started.Node.HashSeed }, wanted.Site.Services.KeyComparer),
        };
        NodeOptions node = started.Node with
        {
            Log = started.Node.Log with { Level = wanted.Node.Log.Level },
            Shutdown = wanted.Node.Shutdown,
            Spread = wanted.Node.Spread,
        };
        return new LoadedConfig(site, node, wanted.Root);
    }

    /// <summary>The file may have raised a limit, but the kernel's maps are as large as they were made.</summary>
    private static IEnumerable<ConfigIssue> Limits(KernelOptions running, SiteConfig wanted, string source)
    {
        int services = wanted.Services.Count;
        if (services > running.MaxServices)
        {
            yield return TooMany("max-services", $"{services} services", running.MaxServices, source);
        }

        int backends = wanted.Services.Values.Sum(s => s.Backends.Count);
        if (backends >= running.MaxBackends)
        {
            yield return TooMany("max-backends", $"{backends} backends", running.MaxBackends - 1, source);
        }
    }

    private static ConfigIssue TooMany(string key, string count, int room, string source) => new(
        Severity.Error,
        new HoconOrigin(source, 1, 1),
        $"lb.kernel.{key}",
        $"the site has {count} and the running lbd was started with room for {room}",
        $"at most {room} until a restart",
        $"raise {key}, then restart lbd");
}
