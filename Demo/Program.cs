Console.WriteLine("netloop");
