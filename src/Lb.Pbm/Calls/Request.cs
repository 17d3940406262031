using Lb.Pbm.CommandLine;
using Lb.Pbm.Protocol;

namespace Lb.Pbm.Calls;

/// <summary>What a line asks for.</summary>
/// <param name="Options">What is asked of <c>pbm</c> itself.</param>
internal abstract record Request(ClientOptions Options);

/// <summary>A command for the host.</summary>
/// <param name="Palette">Where the command is.</param>
/// <param name="Command">What is to be done.</param>
/// <param name="Arguments">Their values by name.</param>
/// <param name="Options">What is asked of <c>pbm</c> itself.</param>
internal sealed record Call(
    Palette Palette,
    Command Command,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Arguments,
    ClientOptions Options) : Request(Options)
{
    /// <summary>How the command is called, without arguments.</summary>
    public string Name => $"{Palette.Name} {Command.Name}";
}

/// <summary>Help on everything, on a palette, or on a command.</summary>
/// <param name="Palette">Null for all of them.</param>
/// <param name="Command">Null for all of the palette's.</param>
/// <param name="Options">What is asked of <c>pbm</c> itself.</param>
internal sealed record HelpRequest(Palette? Palette, Command? Command, ClientOptions Options) : Request(Options);
