using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lb.Pbm.Output;

/// <summary>The screen on standard output and standard error.</summary>
internal static class StandardScreen
{
    private const int UsualWidth = 80;

    public static Screen Open()
    {
        bool isTerminal = !Console.IsOutputRedirected;
        bool wantsColours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !IsDumb;
        var traits = new ScreenTraits(
            isTerminal, isTerminal && wantsColours, !Console.IsErrorRedirected && wantsColours, Width);
        return new Screen(isTerminal ? Console.Out : OpenOutput(), Console.Error, traits);
    }

    /// <summary>The terminal cannot move its cursor.</summary>
    public static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    /// <summary>Output that is not a terminal.</summary>
    /// <remarks>
    /// The console's stream hides that the reader of a pipe is gone, and a watch would go on for nobody. A file
    /// stream tells; but on a real file it would not share its position with others, so there the console's is used.
    /// </remarks>
    private static StreamWriter OpenOutput()
    {
        Stream stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return new StreamWriter(stream.CanSeek ? Console.OpenStandardOutput() : stream, new UTF8Encoding(false));
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and int width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }
}
