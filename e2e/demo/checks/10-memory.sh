#!/bin/bash
echo "enough memory"
