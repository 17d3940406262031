using System.Text;

namespace Lb.PersistenceVictim;

/// <summary>Writes lines to the standard output: each is out of the process when the call returns.</summary>
internal static class Report
{
    private static readonly Lock Writing = new();
    private static readonly Stream Output = Console.OpenStandardOutput();

    internal static void Line(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n");
        lock (Writing)
        {
            Output.Write(bytes);
        }
    }
}
