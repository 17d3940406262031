namespace Lb.Docs;

/// <summary>Writes all documents: <c>Lb.Docs ROOT</c>.</summary>
internal static class Tool
{
    public static int Main(string[] arguments)
    {
        if (arguments is not [var root])
        {
            Console.Error.WriteLine("Usage: Lb.Docs ROOT, the folder of the sources");
            return 2;
        }

        try
        {
            foreach (Document document in Document.All)
            {
                string path = Path.Combine(root, document.Path);
                string? old = File.Exists(path) ? File.ReadAllText(path) : null;
                string text = document.Generate(old ?? "");
                if (text != old)
                {
                    File.WriteAllText(path, text);
                    Console.WriteLine($"written: {document.Path}");
                }
            }

            return 0;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
