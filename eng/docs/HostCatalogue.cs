using System.Text.Json;
using Lb.Host.Api;
using Lb.Host.Commands;
using Lb.Pbm.Protocol;

namespace Lb.Docs;

/// <summary>What a host of this version can do, as <c>pbm</c> hears it, but for the hints of a running node.</summary>
internal static class HostCatalogue
{
    public static Catalogue Read()
    {
        PalettesResource host = new([.. CommandDirectory.Palettes.Select(palette => new PaletteResource(
            palette.Name, palette.Description, [.. palette.Commands.Select(Of)]))]);
        string json = JsonSerializer.Serialize(host, ApiJson.Default.PalettesResource);
        return JsonSerializer.Deserialize(json, PbmJson.Default.Catalogue)!;
    }

    private static CommandResource Of(Host.Commands.Command command) => new(
        command.Name,
        command.Description,
        command.Changes,
        Word.Of(command.Role),
        command.Stream is not null,
        [.. command.Arguments.Select(argument => new ArgumentResource(
            argument.Name,
            argument.Short,
            Word.Of(argument.Kind),
            argument.Description,
            argument.Mandatory,
            argument.Repeatable,
            argument.Positional,
            null,
            []))]);
}
