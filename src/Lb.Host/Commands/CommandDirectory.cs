using System.Collections.Immutable;

namespace Lb.Host.Commands;

/// <summary>Everything that can be asked of a node.</summary>
internal static class CommandDirectory
{
    public static ImmutableArray<Palette> Palettes { get; } =
    [
        ServicePalette.Palette, BackendPalette.Palette, FlowPalette.Palette, KernelPalette.Palette,
        ConfigPalette.Palette, ClusterPalette.Palette, NodePalettes.Actor, LogPalette.Palette, NodePalettes.Doctor,
        TokenPalette.Palette,
    ];

    /// <summary>The command of a palette; null when there is none.</summary>
    public static Command? Find(string palette, string command) => Palettes
        .FirstOrDefault(known => known.Name == palette)?.Commands
        .FirstOrDefault(known => known.Name == command);
}
