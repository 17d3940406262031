namespace Lb.Pbm.CommandLine;

/// <summary>What the command line asks for first of all.</summary>
internal enum ClientTask
{
    /// <summary>One command, or a prompt when there is none.</summary>
    Run,
    Help,
    Version,

    /// <summary>How a line could go on, for a shell; asked by its completion only.</summary>
    Complete,
}

/// <summary>The command line of <c>pbm</c> up to the palette; what follows only the host can tell.</summary>
/// <param name="Task">What is to be done.</param>
/// <param name="Address">The host.</param>
/// <param name="Access">Who asks.</param>
/// <param name="Options">What was asked of <c>pbm</c> itself.</param>
/// <param name="Words">Palette, command and arguments; empty for the prompt.</param>
internal sealed record ClientArguments(
    ClientTask Task, HostAddress Address, AccessOptions Access, ClientOptions Options, IReadOnlyList<string> Words)
{
    /// <summary>What a shell's completion says before the line.</summary>
    public const string CompleteOption = "--complete";

    private static readonly string[] Known = [.. ClientOptions.Names, .. AccessOptions.Names, "--help", "--version"];

    /// <summary>Reads the command line.</summary>
    /// <param name="words">As the shell gave them.</param>
    /// <param name="environment">
    /// Variables of the environment: <c>PBM_HOST</c> is the address unless one is given; for others see <see cref="AccessOptions"/>.
    /// </param>
    public static ClientArguments Parse(IReadOnlyList<string> words, Func<string, string?> environment)
    {
        AccessOptions access = AccessOptions.Of(environment);
        ClientOptions options = ClientOptions.Default;
        if (words is [CompleteOption, var line])
        {
            return new ClientArguments(ClientTask.Complete, HostAddress.Default, access, options, [line]);
        }

        HostAddress? address = null;
        int at = 0;
        while (at < words.Count)
        {
            string word = words[at];
            (options, int taken) = options.Take(words, at);
            (access, int takenForAccess) = access.Take(words, at);
            if (taken + takenForAccess > 0)
            {
                at += taken + takenForAccess;
            }
            else if (word is "--help" or "-h" or "--version")
            {
                ClientTask task = word == "--version" ? ClientTask.Version : ClientTask.Help;
                return new ClientArguments(task, HostAddress.Default, access, options, []);
            }
            else if (word.StartsWith('-'))
            {
                throw PbmException.Usage(
                    "unknown-option",
                    $"pbm has no option '{word}'.",
                    Nearest.Mend(word.Split('=')[0], Known, "Its options are"));
            }
            else if (address is null && HostAddress.Resembles(word))
            {
                address = HostAddress.Parse(word);
                at++;
            }
            else
            {
                break;
            }
        }

        string? environmentHost = environment("PBM_HOST");
        address ??= string.IsNullOrWhiteSpace(environmentHost)
            ? HostAddress.Default
            : HostAddress.Parse(environmentHost.Trim(), "PBM_HOST: ");
        return new ClientArguments(ClientTask.Run, address, access, options, [.. words.Skip(at)]);
    }
}
